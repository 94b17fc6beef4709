-- The ID token a session began with; no row without. $1 session.
SELECT "oauthBearerToken" FROM session WHERE id = $1 AND "oauthBearerToken" IS NOT NULL
