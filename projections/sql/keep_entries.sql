-- In a fold: the entries of a close as the live table has them.
INSERT INTO billing_entry
SELECT live.* FROM projection.billing_entry AS live WHERE live.position = %(position)s
