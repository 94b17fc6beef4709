-- Asks the listening connection for a sign, unless a trigger of 0111_row_notices is missing or switched off: then
-- nothing is sent. $1 text of the sign.
SELECT pg_notify('plus_row', $1)
WHERE (SELECT count(*) FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
       WHERE t.tgname LIKE 'plus\_tell\_%' AND t.tgenabled IN ('O', 'A') AND p.pronamespace = to_regnamespace('plus')) = 16
