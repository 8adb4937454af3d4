SELECT (SELECT count(*) FROM pro_standing),
       (SELECT count(*) FROM billing_line),
       (SELECT count(*) FROM warning),
       (SELECT count(*) FROM proposal),
       (SELECT count(*) FROM anomaly)
