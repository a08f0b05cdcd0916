-- What strangers saw before and after each event, and whether they see another thing since.

-- AlterTable
ALTER TABLE "events" ADD COLUMN     "is_public" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "public_after" JSONB,
ADD COLUMN     "public_before" JSONB;

-- The events of before, as far as revisions and other events tell.

-- Publishing with a date ahead was recorded as publishing.
UPDATE "events" e SET "type" = 'article.scheduled' FROM "revisions" r
WHERE e."type" = 'article.published' AND r."article_id" = e."subject_id" AND r."version" = e."version"
  AND r."snapshot"->>'status' = 'scheduled';

-- Of articles: what the version of the event and the one before it show, by the moment of the event. Articles that are
-- gone for good have no revisions, and nothing is known of what strangers saw of them. What only time published or ended
-- was no event.
WITH "shown" AS (
    SELECT e."seq", s."before", s."after" FROM "events" e
    LEFT JOIN "revisions" n ON n."article_id" = e."subject_id" AND n."version" = e."version"
    LEFT JOIN "revisions" o ON o."article_id" = e."subject_id" AND o."version" = e."version" - 1
    CROSS JOIN LATERAL (
        SELECT max(x."side"::text) FILTER (WHERE x."which" = 'before')::jsonb AS "before",
            max(x."side"::text) FILTER (WHERE x."which" = 'after')::jsonb AS "after"
        FROM (SELECT v."which", jsonb_build_object('slug', v."snapshot"->'slug',
                'tags', jsonb_path_query_array(v."snapshot", '$.tags[*].id'),
                'source', v."snapshot"#>'{source,id}', 'language', v."snapshot"->'language') AS "side"
            FROM (VALUES ('before', o."snapshot"), ('after', n."snapshot")) v ("which", "snapshot")
            WHERE v."snapshot"->>'status' IN ('scheduled', 'published')
                AND (v."snapshot"->>'publishedAt')::timestamptz <= e."at"
                AND coalesce((v."snapshot"->>'expiresAt')::timestamptz > e."at", true)) x
    ) s
    -- Creation is told beside what was published with it, and changes nothing for strangers by itself.
    WHERE e."subject_type" = 'article' AND e."type" LIKE 'article.%' AND e."type" NOT IN ('article.created', 'article.purged')
)
UPDATE "events" e SET "is_public" = true, "public_before" = s."before", "public_after" = s."after"
FROM "shown" s WHERE s."seq" = e."seq" AND (s."before" IS NOT NULL OR s."after" IS NOT NULL);

-- What strangers cannot see names no list; of what is gone for good it is not known that they saw it.
UPDATE "events" SET "keys" = ARRAY(SELECT k FROM unnest("keys") k WHERE k <> 'redirects' AND k NOT LIKE 'latest%')
WHERE "subject_type" = 'article' AND NOT "is_public" AND 'latest' = ANY ("keys");

-- Of tags and sources, which are public as long as they are there: the slug of the event, and of the one before it.
WITH "named" AS (
    SELECT e."seq", e."type", e."data"->>'slug' AS "slug",
        lag(e."data"->>'slug') OVER (PARTITION BY e."subject_id" ORDER BY e."seq") AS "was"
    FROM "events" e WHERE e."subject_type" IN ('tag', 'source') AND e."type" LIKE e."subject_type" || '.%'
)
UPDATE "events" e SET "is_public" = true,
    "public_before" = CASE WHEN n."type" NOT LIKE '%.created' THEN jsonb_build_object('slug', coalesce(n."was", n."slug")) END,
    "public_after" = CASE WHEN n."type" NOT LIKE '%.deleted' AND n."type" NOT LIKE '%.merged' THEN jsonb_build_object('slug', n."slug") END
FROM "named" n WHERE n."seq" = e."seq";
