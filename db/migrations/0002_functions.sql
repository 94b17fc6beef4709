-- Functions that defaults and indexes use. Bodies name the schema of everything they call, because pg_restore builds
-- the indexes with an empty search path.

-- UUID version 7: 48 bits of milliseconds, the version, 12 bits of the fraction of the millisecond (RFC 9562, 6.2
-- method 3, so that rows written within one millisecond keep their order), then the variant and 62 random bits.
-- 4096000 = 1000 ms/s * 2^12. The argument is used once, which lets the planner inline the function.
CREATE FUNCTION immich_uuid_v7(p_timestamp timestamptz DEFAULT clock_timestamp()) RETURNS uuid
LANGUAGE sql VOLATILE
AS $$
  SELECT (
    overlay(lpad(to_hex(floor(extract(epoch FROM p_timestamp) * 4096000)::bigint), 15, '0') PLACING '7' FROM 13 FOR 0)
    || right(gen_random_uuid()::text, 17)
  )::uuid
$$;

-- unaccent() is only STABLE, since a dictionary can be replaced; indexes need IMMUTABLE.
CREATE FUNCTION f_unaccent(text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT public.unaccent('public.unaccent'::regdictionary, $1) $$;

-- Joins the elements of $2 with $1, skipping nulls.
CREATE FUNCTION f_concat_ws(text, text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT array_to_string($2, $1) $$;

-- Same point as earthdistance's ll_to_earth(), which (up to 1.1) looks its helpers up in the search path.
CREATE FUNCTION ll_to_earth_public(latitude double precision, longitude double precision) RETURNS public.earth
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
  SELECT public.cube(ARRAY[
    public.earth() * cosd(latitude) * cosd(longitude),
    public.earth() * cosd(latitude) * sind(longitude),
    public.earth() * sind(latitude)
  ])::public.earth
$$;

-- BEFORE UPDATE on every table with "updatedAt" and "updateId": both come from the same instant.
CREATE FUNCTION updated_at() RETURNS trigger
LANGUAGE plpgsql
AS $$
DECLARE
  updated timestamptz := clock_timestamp();
BEGIN
  NEW."updatedAt" := updated;
  NEW."updateId" := public.immich_uuid_v7(updated);
  RETURN NEW;
END
$$;
