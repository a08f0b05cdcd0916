/** A tag of the demonstration newsroom; its slug is derived from the name. */
export type DemoTag = { name: string; description: string };

/** The sections of the demonstration newsroom; the first tag of an article is its section. */
export const demoTags: readonly DemoTag[] = [
  { name: 'জাতীয়', description: 'রাজধানী থেকে প্রত্যন্ত গ্রাম, দেশের প্রতিদিনের খবর।' },
  { name: 'আন্তর্জাতিক', description: 'দেশের বাইরের ঘটনা, মানুষ ও জীবন।' },
  { name: 'খেলা', description: 'মাঠের লড়াই, ফলাফল ও খেলোয়াড়দের কথা।' },
  { name: 'অর্থনীতি', description: 'বাজার, ব্যবসা, উদ্যোক্তা ও কর্মসংস্থান।' },
  { name: 'কৃষি', description: 'ফসল, মাছ, খামার ও কৃষকের দিনলিপি।' },
  { name: 'বিনোদন', description: 'চলচ্চিত্র, গান, নাটক ও লোকসংস্কৃতি।' },
  { name: 'বিজ্ঞান', description: 'গবেষণা, প্রকৃতি, মহাকাশ ও প্রযুক্তি।' },
  { name: 'আবহাওয়া', description: 'বৃষ্টি, রোদ ও তাপমাত্রার পূর্বাভাস।' },
  { name: 'শিক্ষা', description: 'বিদ্যালয় থেকে বিশ্ববিদ্যালয়, শ্রেণিকক্ষের ভেতর-বাহির।' },
  { name: 'স্বাস্থ্য', description: 'চিকিৎসাসেবা, পুষ্টি ও সুস্থ থাকার উপায়।' },
];
