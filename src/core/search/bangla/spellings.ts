/**
 * Words that are written in several ways, alone and inside of longer words: the first stands for the others. Each is a part
 * of no other word. Part of the rules: a change here needs a re-index (`rulesVersion`).
 */
const groups = `
রিকশা = রিকসা
মাদ্রাসা = মাদরাসা
পুলিশ = পুলিস
নোটিশ = নোটিস
সালিশ = সালিস
পোশাক = পোষাক
জিনিস = জিনিষ
আপস = আপোস = আপোষ
পুজা = পুজো
ধস = ধ্বস
সম্মান = সন্মান
চলচ্চিত্র = চলচিত্র
ন্যুনতম = নুন্যতম
হ্যাটট্রিক = হ্যাট্রিক
রেমিটেনস = রেমিট্যানস
মেডিকেল = মেডিক্যাল
টেকনিকেল = টেকনিক্যাল
কেমিকেল = কেমিক্যাল
গনঅভ্যুত্থান = গনভ্যুত্থান
কোরান = কোরআন = কুরআন
ইসরাইল = ইসরায়েল = ইজরায়েল = ইজরাইল
কলকাতা = কোলকাতা
চট্টগ্রাম = চট্রগ্রাম
মুম্বাই = মুম্বই
ইতালি = ইটালি
আগস্ট = অগাস্ট = অগস্ট
মাওলানা = মওলানা = মৌলানা
মৌলভি = মৌলবি
আকতার = আক্তার
ইব্রাহিম = ইবরাহিম
রয়্যাল = রয়েল
`;

/** A spelling to the one that stands for it. */
export const spellings: readonly (readonly [string, string])[] = groups
  .trim()
  .normalize('NFKC')
  .replaceAll('\u09AF\u09BC', '\u09DF')
  .split('\n')
  .flatMap((group) => {
    const [first = '', ...others] = group.split(' = ');
    return others.map((other) => [other, first] as const);
  });
