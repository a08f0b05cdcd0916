/**
 * Loanwords and names as they are typed in Latin letters, and how texts write them. One way: who types bank means ব্যাংক too, but
 * ব্যাংক is not asked as bank, so that a query in Bangla has no more terms. Pairs that go both ways are aliases.
 */
const pairs = `academy একাডেমি | accident এক্সিডেন্ট | account অ্যাকাউন্ট | act অ্যাক্ট | agency এজেন্সি | agent এজেন্ট | airport এয়ারপোর্ট,বিমানবন্দর
album অ্যালবাম | ambulance অ্যাম্বুলেন্স | app অ্যাপ | apartment অ্যাপার্টমেন্ট | appeal আপিল | army আর্মি | artist আর্টিস্ট | attack হামলা | audit অডিট | autorickshaw অটোরিকশা
award অ্যাওয়ার্ড | bail জামিন | ballot ব্যালট | bank ব্যাংক | banker ব্যাংকার | barrister ব্যারিস্টার | battery ব্যাটারি | bill বিল | board বোর্ড | bomb বোমা | bond বন্ড
bonus বোনাস | boycott বয়কট | bus বাস | business বিজনেস | cabinet কেবিনেট,মন্ত্রিসভা | camera ক্যামেরা | camp ক্যাম্প | campus ক্যাম্পাস | cancer ক্যানসার | captain ক্যাপ্টেন,অধিনায়ক | card কার্ড
cargo কার্গো | case কেস,মামলা | cash ক্যাশ | casino ক্যাসিনো | ceasefire যুদ্ধবিরতি | century সেঞ্চুরি | chairman চেয়ারম্যান | champion চ্যাম্পিয়ন | channel চ্যানেল | charge চার্জ | chargesheet চার্জশিট | chief চিফ
cinema সিনেমা | city সিটি | class ক্লাস | clinic ক্লিনিক | club ক্লাব | coach কোচ | cocktail ককটেল | college কলেজ | commission কমিশন | commissioner কমিশনার | committee কমিটি | company কোম্পানি
computer কম্পিউটার | concert কনসার্ট | conference কনফারেন্স | congress কংগ্রেস | container কনটেইনার | copyright কপিরাইট | corona করোনা | corporation করপোরেশন | council কাউন্সিল | court কোর্ট | crime ক্রাইম
cup কাপ | curfew কারফিউ | current কারেন্ট | customs কাস্টমস | cyber সাইবার | cyclone সাইক্লোন,ঘূর্ণিঝড় | data ডেটা,ডাটা | dengue ডেঙ্গু | derby ডার্বি | designer ডিজাইনার | diesel ডিজেল
digital ডিজিটাল | director ডিরেক্টর | doctor ডাক্তার | draw ড্র | driver ড্রাইভার | drug ড্রাগ | earthquake ভূমিকম্প | economy অর্থনীতি | election নির্বাচন | electric ইলেকট্রিক | embassy দূতাবাস | engineer ইঞ্জিনিয়ার
engine ইঞ্জিন | exam পরীক্ষা | expo এক্সপো | export রপ্তানি | express এক্সপ্রেস | family ফ্যামিলি | fan ফ্যান | fashion ফ্যাশন | federation ফেডারেশন | ferry ফেরি | festival ফেস্টিভ্যাল | file ফাইল
film ফিল্ম | final ফাইনাল | fire আগুন | flat ফ্ল্যাট | flight ফ্লাইট | flood বন্যা | flyover ফ্লাইওভার | forum ফোরাম | freelancer ফ্রিল্যান্সার | fund ফান্ড | gallery গ্যালারি | game গেম
gang গ্যাং | garment গার্মেন্টস | gas গ্যাস | gate গেট | general জেনারেল | goal গোল | gold সোনা | golf গলফ | governor গভর্নর | group গ্রুপ | guard গার্ড
hat-trick হ্যাটট্রিক | health স্বাস্থ্য | helicopter হেলিকপ্টার | hero হিরো | highway হাইওয়ে | hockey হকি | hospital হাসপাতাল,হসপিটাল | hostel হোস্টেল | hotel হোটেল | import আমদানি | incident ইনসিডেন্ট | industry ইন্ডাস্ট্রি
inning ইনিংস | institute ইনস্টিটিউট | insurance ইন্স্যুরেন্স | interview ইন্টারভিউ | investment বিনিয়োগ | jail জেল | journalist সাংবাদিক | judge বিচারক | laptop ল্যাপটপ | launch লঞ্চ | lawyer আইনজীবী
leader লিডার | league লিগ,লীগ | library লাইব্রেরি | licence লাইসেন্স | license লাইসেন্স | list লিস্ট | live লাইভ | loan লোন,ঋণ | lockdown লকডাউন | lottery লটারি | mall মল | manager ম্যানেজার
market মার্কেট | marketing মার্কেটিং | match ম্যাচ | mayor মেয়র | media মিডিয়া | medical মেডিকেল | medicine মেডিসিন | meeting মিটিং | member মেম্বার | memory মেমোরি | metro মেট্রো | minister মন্ত্রী
mission মিশন | mob মব | mobile মোবাইল | model মডেল | motorcycle মোটরসাইকেল | movie মুভি | municipality পৌরসভা | murder খুন | music মিউজিক | network নেটওয়ার্ক | news নিউজ
notice নোটিশ | novel নভেল | nurse নার্স | office অফিস | officer অফিসার | oil তেল | operation অপারেশন | order অর্ডার | paper পেপার | parade প্যারেড | park পার্ক | parliament পার্লামেন্ট,সংসদ
party পার্টি | passport পাসপোর্ট | penalty পেনাল্টি | petrol পেট্রোল,পেট্রল | phone ফোন | photo ফটো | pilot পাইলট | plane প্লেন | plastic প্লাস্টিক | player প্লেয়ার | playoff প্লে-অফ | plot প্লট
point পয়েন্ট | police পুলিশ | policy পলিসি | poster পোস্টার | post পোস্ট | power পাওয়ার | president প্রেসিডেন্ট | press প্রেস | principal প্রিন্সিপাল | prize প্রাইজ | professor প্রফেসর | project প্রজেক্ট,প্রকল্প
protest প্রতিবাদ | quota কোটা | radio রেডিও | rally র‍্যালি | ranking র‍্যাঙ্কিং | record রেকর্ড | referee রেফারি | remand রিমান্ড | remittance রেমিট্যান্স | report রিপোর্ট | reporter রিপোর্টার | reserve রিজার্ভ
resort রিসোর্ট | restaurant রেস্তোরাঁ,রেস্টুরেন্ট | return রিটার্ন | review রিভিউ | rickshaw রিকশা | river নদী | road রোড,সড়ক | robot রোবট | rocket রকেট | rule রুল | run রান
satellite স্যাটেলাইট | scholarship স্কলারশিপ | school স্কুল | score স্কোর | secretary সেক্রেটারি,সচিব | semifinal সেমিফাইনাল | seminar সেমিনার | series সিরিজ | server সার্ভার | session সেশন | share শেয়ার | ship জাহাজ
shooting শুটিং | shopping শপিং | show শো | singer গায়ক | social সোশ্যাল | software সফটওয়্যার | speaker স্পিকার | spin স্পিন | sports স্পোর্টস | stadium স্টেডিয়াম | stage স্টেজ | startup স্টার্টআপ
state স্টেট | station স্টেশন | stock স্টক | storm ঝড় | strike স্ট্রাইক | studio স্টুডিও | super সুপার | syndicate সিন্ডিকেট | system সিস্টেম | tank ট্যাংক | tariff ট্যারিফ,শুল্ক | tax ট্যাক্স,কর
taxi ট্যাক্সি | teacher শিক্ষক | team টিম,দল | telecom টেলিকম | television টেলিভিশন,টিভি | tender টেন্ডার | tennis টেনিস | terminal টার্মিনাল | test টেস্ট | theatre থিয়েটার | ticket টিকিট | tour ট্যুর | tourist ট্যুরিস্ট,পর্যটক
tournament টুর্নামেন্ট | toss টস | tower টাওয়ার | trailer ট্রেলার | train ট্রেন | training ট্রেনিং | transport ট্রান্সপোর্ট | tribunal ট্রাইব্যুনাল | trophy ট্রফি | truck ট্রাক | tunnel টানেল | twitter টুইটার
typhoon টাইফুন | union ইউনিয়ন | university ইউনিভার্সিটি,বিশ্ববিদ্যালয় | uniform ইউনিফর্ম | vaccine টিকা,ভ্যাকসিন | vat ভ্যাট | video ভিডিও | violence ভায়োলেন্স,সহিংসতা | viral ভাইরাল | virus ভাইরাস | vote ভোট | voter ভোটার
war যুদ্ধ | warrant ওয়ারেন্ট | weather আবহাওয়া | web ওয়েব | wicket উইকেট | worker শ্রমিক | youtube ইউটিউব | youtuber ইউটিউবার | zoo চিড়িয়াখানা
america আমেরিকা,যুক্তরাষ্ট্র | argentina আর্জেন্টিনা | asia এশিয়া | assam আসাম,অসম | australia অস্ট্রেলিয়া | bengal বেঙ্গল | brazil ব্রাজিল | britain ব্রিটেন,যুক্তরাজ্য | canada কানাডা | england ইংল্যান্ড | europe ইউরোপ | france ফ্রান্স | germany জার্মানি
iraq ইরাক | ireland আয়ারল্যান্ড | italy ইতালি | kashmir কাশ্মীর | korea কোরিয়া | kuwait কুয়েত | lebanon লেবানন | maldives মালদ্বীপ | mumbai মুম্বাই | oman ওমান | portugal পর্তুগাল
saudi সৌদি | singapore সিঙ্গাপুর | spain স্পেন | syria সিরিয়া | thailand থাইল্যান্ড | turkey তুরস্ক | vietnam ভিয়েতনাম | yemen ইয়েমেন | zimbabwe জিম্বাবুয়ে | hindu হিন্দু | muslim মুসলিম | rohingya রোহিঙ্গা
awami আওয়ামী | jamaat জামায়াত | mamata মমতা | kohli কোহলি | ronaldo রোনালদো | tamim তামিম | mushfiqur মুশফিকুর | mustafizur মোস্তাফিজুর | rahman রহমান | mujib মুজিব | zia জিয়া | fakhrul ফখরুল | biman বিমান | padma পদ্মা | teesta তিস্তা | eid ঈদ | ramadan রমজান | puja পূজা
hilsa ইলিশ | gaibandha গাইবান্ধা | gazipur গাজীপুর | narayanganj নারায়ণগঞ্জ | noakhali নোয়াখালী | feni ফেনী | dinajpur দিনাজপুর | pabna পাবনা | mirpur মিরপুর | gulshan গুলশান | uttara উত্তরা | shahbagh শাহবাগ | sundarbans সুন্দরবন | howrah হাওড়া | darjeeling দার্জিলিং | siliguri শিলিগুড়ি | messi মেসি`;

/** Narrower names, which who asks for the wider one means too. */
const narrower = `নির্বাচন কমিশনার > সিইসি
তৃণমূল কংগ্রেস > তৃণমূল`;

/** taka and takas, party and parties. */
const withPlural = (word: string): string[] =>
  /s$/.test(word) ? [word] : [word, word.endsWith('y') ? `${word.slice(0, -1)}ies` : `${word}s`];

/** What is asked for besides, and by which words. */
export const oneWay: readonly (readonly [from: string, to: readonly string[]])[] = [
  ...pairs.split(/\n| \| /).flatMap((pair) => {
    const [word = '', others = ''] = pair.split(' ');
    return withPlural(word).map((one) => [one, others.split(',')] as const);
  }),
  ...narrower.split('\n').map((pair) => {
    const [wider = '', name = ''] = pair.split(' > ');
    return [wider, [name]] as const;
  }),
];
