-- Strangers may know of the events that are public, which each of them says now.
CREATE OR REPLACE FUNCTION "event_is_public"("e" "events") RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT e.is_public
$$;

-- The positions of before, by what the events say since they were converted. Nobody numbers meanwhile.
SELECT pg_advisory_xact_lock(hashtextextended('khobor changes ' || current_schema(), 0));

UPDATE "changes" SET "public_position" = NULL WHERE "public_position" IS NOT NULL;

UPDATE "changes" c SET "public_position" = p."place" FROM (
    SELECT c."position", row_number() OVER (ORDER BY c."position") AS "place"
    FROM "changes" c JOIN "events" e ON e."seq" = c."event_seq" WHERE e."is_public"
) p WHERE p."position" = c."position";

UPDATE "changes_head" SET "public_position" = (SELECT coalesce(max("public_position"), 0) FROM "changes");
