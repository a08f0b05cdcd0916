-- CreateTable
CREATE TABLE "editing" (
    "article_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT date_trunc('milliseconds', now()),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "editing_pkey" PRIMARY KEY ("article_id","user_id")
);

-- AddForeignKey
ALTER TABLE "editing" ADD CONSTRAINT "editing_article_id_fkey" FOREIGN KEY ("article_id") REFERENCES "articles"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "editing" ADD CONSTRAINT "editing_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE NO ACTION;
