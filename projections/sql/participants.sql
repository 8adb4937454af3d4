SELECT mission, pro FROM participation WHERE mission = ANY (%(missions)s) ORDER BY mission, pro
