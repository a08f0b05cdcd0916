-- AlterTable
-- Which words of an article stand beside each other. Entries that have no such bits yet are found as before.
ALTER TABLE "search_entries" ADD COLUMN "neighbours" BIT(4096);

-- The bits are read with the row, which is what they are for.
ALTER TABLE "search_entries" ALTER COLUMN "neighbours" SET STORAGE MAIN;
