-- Numbers of the migrations that ran here or were found done. No parameters.
SELECT version FROM plus.migration ORDER BY version
