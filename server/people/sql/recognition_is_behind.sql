-- Whether a picture was looked at for faces since a time. $1 time.
SELECT EXISTS (SELECT FROM asset_job_status s WHERE s."facesRecognizedAt" > $1::timestamptz)
