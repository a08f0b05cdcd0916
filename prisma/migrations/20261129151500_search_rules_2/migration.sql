-- The second version of the rules. Where articles have entries by the first, searches go on reading those until a reindex.
UPDATE "settings" SET "value" = '2' WHERE "name" = 'search rules' AND "value" = '1' AND NOT EXISTS (SELECT FROM "search_entries");
