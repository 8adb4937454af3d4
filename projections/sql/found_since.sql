-- The pros about whom the engine found something after a position.
SELECT DISTINCT stream
  FROM ledger.event
 WHERE position > %(position)s AND position <= %(until)s
   AND type IN ('pro.warned', 'pro.suspension_proposed')
   AND type NOT LIKE 'mission.%%' -- spelled out, or the partial index does not serve
