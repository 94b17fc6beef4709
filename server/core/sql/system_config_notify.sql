-- Tells every process that the system configuration changed; delivered with the commit.
SELECT pg_notify('immich_system_config', '')
