DELETE FROM proposal
 USING json_populate_recordset(NULL::proposal, %(rows)s::json) AS gone
 WHERE proposal.pro = gone.pro
