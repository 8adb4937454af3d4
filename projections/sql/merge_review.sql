-- A doubt that came up before a person last confirmed the finding is settled.
INSERT INTO review (finding, fact, pro, event, kind, rule, cause, ends_at)
SELECT doubt.finding, doubt.fact, doubt.pro, doubt.event, doubt.kind, doubt.rule,
       coalesce(nullif(doubt.cause, 0), reconsidered.cause, 0), doubt.ends_at
  FROM json_to_recordset(%(rows)s::json) AS doubt (
           finding bigint, fact bigint, pro text, event text, kind text, rule text, cause bigint, ends_at bigint,
           confirmed bigint)
  LEFT JOIN reconsidered ON reconsidered.fact = doubt.fact
 WHERE doubt.confirmed = 0 OR coalesce(nullif(doubt.cause, 0), reconsidered.cause, 0) > doubt.confirmed
