-- In which zone each mission takes place, in the order its requests were recorded in.
SELECT substr(stream, length('mission/') + 1), position, convert_from(state, 'UTF8')::json #>> '{data,timezone}'
  FROM ledger.event
 WHERE stream = ANY (%(streams)s) AND type = 'mission.requested'
 ORDER BY position
