-- A record of care is never taken back: there is no way down. Restore a backup instead.
SELECT 1;
