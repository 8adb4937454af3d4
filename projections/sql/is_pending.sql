SELECT FROM billing_pending WHERE mission = %(mission)s
