SELECT source, id, digest, position, type, stream
  FROM ledger.event
 WHERE source = %(source)s AND id = ANY (ARRAY(SELECT json_array_elements_text(%(ids)s::json)))
