-- Which of these missions concern any pro.
SELECT DISTINCT mission FROM participation WHERE mission = ANY (%(missions)s)
