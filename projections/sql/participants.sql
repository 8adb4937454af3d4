SELECT mission, pro, city FROM participation WHERE mission = ANY (%(missions)s) ORDER BY mission, pro
