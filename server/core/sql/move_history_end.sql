-- Forgets a move. $1 id.
DELETE FROM move_history WHERE id = $1
