-- All unfinished moves, with what is known of an original. No parameters.
SELECT m.id, m."entityId", m."pathType", m."oldPath", m."newPath", a.checksum
FROM move_history m
LEFT JOIN asset a ON a.id = m."entityId" AND m."pathType" = 'original' AND a."checksumAlgorithm" = 'sha1'
