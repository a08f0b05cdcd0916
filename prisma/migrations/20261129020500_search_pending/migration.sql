-- The write that fills the list of what is to be added pays for all of it. A quarter of its former length is some 20 articles,
-- which stalls that write a third as long, and searches look through less besides the index.
ALTER INDEX "search_entries_terms_idx" SET (gin_pending_list_limit = 256);
