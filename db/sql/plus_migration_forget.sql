-- Forgets the migrations below $1 (int4): what they built is gone.
DELETE FROM plus.migration WHERE version < $1
