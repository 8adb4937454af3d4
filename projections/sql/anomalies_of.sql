SELECT position, mission, code FROM anomaly WHERE pro = %(pro)s ORDER BY position
