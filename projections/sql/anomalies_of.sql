SELECT position, mission, code FROM anomaly WHERE pro = ANY (%(pros)s) ORDER BY position
