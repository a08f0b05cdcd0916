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
gang গ্যাং | garment গার্মেন্টস | gas গ্যাস | gate গেট | general জেনারেল | goal গোল | gold সোনা,স্বর্ণ | golf গলফ | governor গভর্নর | group গ্রুপ | guard গার্ড
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
hilsa ইলিশ | gaibandha গাইবান্ধা | gazipur গাজীপুর | narayanganj নারায়ণগঞ্জ | noakhali নোয়াখালী | feni ফেনী | dinajpur দিনাজপুর | pabna পাবনা | mirpur মিরপুর | gulshan গুলশান | uttara উত্তরা | shahbagh শাহবাগ | sundarbans সুন্দরবন | howrah হাওড়া | darjeeling দার্জিলিং | siliguri শিলিগুড়ি | messi মেসি
antibiotic অ্যান্টিবায়োটিক | postal পোস্টাল | sensex সেনসেক্স | nifty নিফটি | alert অ্যালার্ট | allergy অ্যালার্জি | ban নিষেধাজ্ঞা | beach সৈকত | bike বাইক | blast বিস্ফোরণ | boat নৌকা | border সীমান্ত | box বক্স | brand ব্র্যান্ড | bridge সেতু,ব্রিজ | bulldozer বুলডোজার
campaign ক্যাম্পেইন | capital ক্যাপিটাল | center সেন্টার | centre সেন্টার | chip চিপ | climate জলবায়ু | collection কালেকশন | comment কমেন্ট | consulate কনস্যুলেট | contract চুক্তি | cricketer ক্রিকেটার | crore কোটি | culture কালচার | deal ডিল,চুক্তি
debate ডিবেট | democracy গণতন্ত্র | deposit ডিপোজিট | diabetes ডায়াবেটিস | diplomat কূটনীতিক | discount ডিসকাউন্ট | drama ড্রামা,নাটক | economist অর্থনীতিবিদ | editor এডিটর,সম্পাদক | education শিক্ষা | electricity বিদ্যুৎ | emergency ইমার্জেন্সি | employment কর্মসংস্থান
energy এনার্জি | entertainment বিনোদন | environment পরিবেশ | factory কারখানা,ফ্যাক্টরি | feature ফিচার | filter ফিল্টার | fitness ফিটনেস | fixing ফিক্সিং | food ফুড | footballer ফুটবলার | freedom স্বাধীনতা | fuel জ্বালানি | gender জেন্ডার | government সরকার | grade গ্রেড
hacker হ্যাকার | hall হল | heart হার্ট | heatwave তাপপ্রবাহ | holiday ছুটি | home হোম | icon আইকন | inflation মূল্যস্ফীতি | influencer ইনফ্লুয়েন্সার | injury ইনজুরি,চোট | interest সুদ | interim অন্তর্বর্তী | invest বিনিয়োগ | jersey জার্সি | job চাকরি | lakh লাখ | landslide ভূমিধস
law আইন | lift লিফট | literature সাহিত্য | logo লোগো | love প্রেম | madrasa মাদ্রাসা | map ম্যাপ | marathon ম্যারাথন | marriage বিয়ে | mask মাস্ক | meme মিম | message মেসেজ | missile ক্ষেপণাস্ত্র,মিসাইল | monsoon বর্ষা | nominee মনোনীত | nuclear পারমাণবিক,পরমাণু
offer অফার | olympic অলিম্পিক | opposition বিরোধী | oxygen অক্সিজেন | partner পার্টনার | peace শান্তি | pension পেনশন | percent শতাংশ | permit পারমিট | pitch পিচ | platform প্ল্যাটফর্ম | podcast পডকাস্ট | pollution দূষণ | port বন্দর,পোর্ট | poverty দারিদ্র্য | price দাম
prison কারাগার | procession মিছিল | profit মুনাফা | promotion পদোন্নতি | quarter কোয়ার্টার | rain বৃষ্টি | rape ধর্ষণ | reaction প্রতিক্রিয়া | referendum গণভোট | reform সংস্কার | refugee শরণার্থী | registration নিবন্ধন,রেজিস্ট্রেশন | religion ধর্ম | rescue উদ্ধার | resign পদত্যাগ | result ফল,ফলাফল,রেজাল্ট
ride রাইড | risk ঝুঁকি | rupee রুপি | safety নিরাপত্তা | salary বেতন | sanction নিষেধাজ্ঞা | scam স্ক্যাম | science বিজ্ঞান | sector সেক্টর | security নিরাপত্তা | serial সিরিয়াল | sim সিম | smart স্মার্ট | song গান | squad স্কোয়াড | standard স্ট্যান্ডার্ড | star তারকা,স্টার
student শিক্ষার্থী,ছাত্র | subsidy ভর্তুকি | suicide আত্মহত্যা | summit সামিট,সম্মেলন | symptom উপসর্গ | target টার্গেট | technology প্রযুক্তি | teen কিশোর | temple মন্দির | terror সন্ত্রাস | theft চুরি | trade বাণিজ্য | traffic ট্রাফিক | transfer ট্রান্সফার,বদলি | travel ভ্রমণ | treaty চুক্তি
trend ট্রেন্ড | trial বিচার | tribute শ্রদ্ধা | unemployment বেকারত্ব | update আপডেট | upazila উপজেলা | verdict রায় | victory জয় | volleyball ভলিবল | volcano আগ্নেয়গিরি | water পানি,জল | wedding বিয়ে | winter শীত | woman নারী | women নারী | yoga ইয়োগা,যোগব্যায়াম
belgium বেলজিয়াম | bhutan ভুটান | cambodia কম্বোডিয়া | colombia কলম্বিয়া | croatia ক্রোয়েশিয়া | cuba কিউবা | denmark ডেনমার্ক | egypt মিসর | ethiopia ইথিওপিয়া | finland ফিনল্যান্ড | greece গ্রিস | greenland গ্রিনল্যান্ড | hongkong হংকং | hungary হাঙ্গেরি | indonesia ইন্দোনেশিয়া | jordan জর্ডান
kenya কেনিয়া | libya লিবিয়া | mexico মেক্সিকো | morocco মরক্কো | netherlands নেদারল্যান্ডস | nigeria নাইজেরিয়া | norway নরওয়ে | philippines ফিলিপাইন | poland পোল্যান্ড | romania রোমানিয়া | scotland স্কটল্যান্ড | serbia সার্বিয়া | sudan সুদান | sweden সুইডেন | switzerland সুইজারল্যান্ড | taiwan তাইওয়ান
tibet তিব্বত | uruguay উরুগুয়ে | uzbekistan উজবেকিস্তান | venezuela ভেনেজুয়েলা | paris প্যারিস | moscow মস্কো | beijing বেইজিং | tokyo টোকিও | kabul কাবুল | tehran তেহরান | baghdad বাগদাদ | jeddah জেদ্দা | riyadh রিয়াদ | mecca মক্কা | medina মদিনা | jerusalem জেরুজালেম | kathmandu কাঠমান্ডু | karachi করাচি | lahore লাহোর | colombo কলম্বো
bangkok ব্যাংকক | sydney সিডনি | melbourne মেলবোর্ন | toronto টরন্টো | chennai চেন্নাই | bengaluru বেঙ্গালুরু | hyderabad হায়দরাবাদ | guwahati গুয়াহাটি | tripura ত্রিপুরা | bihar বিহার | odisha ওড়িশা | kerala কেরালা | gujarat গুজরাট | digha দিঘা | santiniketan শান্তিনিকেতন | sealdah শিয়ালদহ | bankura বাঁকুড়া | purulia পুরুলিয়া | malda মালদহ | murshidabad মুর্শিদাবাদ
savar সাভার | tongi টঙ্গী | banani বনানী | dhanmondi ধানমন্ডি | motijheel মতিঝিল | farmgate ফার্মগেট | jatrabari যাত্রাবাড়ী | mohammadpur মোহাম্মদপুর | badda বাড্ডা | rampura রামপুরা | faridpur ফরিদপুর | tangail টাঙ্গাইল | jamalpur জামালপুর | sherpur শেরপুর | netrokona নেত্রকোনা | kishoreganj কিশোরগঞ্জ | habiganj হবিগঞ্জ | moulvibazar মৌলভীবাজার | sunamganj সুনামগঞ্জ
brahmanbaria ব্রাহ্মণবাড়িয়া | chandpur চাঁদপুর | lakshmipur লক্ষ্মীপুর | bandarban বান্দরবান | rangamati রাঙামাটি | khagrachhari খাগড়াছড়ি | teknaf টেকনাফ | satkhira সাতক্ষীরা | bagerhat বাগেরহাট | jhenaidah ঝিনাইদহ | kushtia কুষ্টিয়া | magura মাগুরা | narail নড়াইল | meherpur মেহেরপুর | chuadanga চুয়াডাঙ্গা | natore নাটোর | naogaon নওগাঁ | sirajganj সিরাজগঞ্জ
joypurhat জয়পুরহাট | kurigram কুড়িগ্রাম | lalmonirhat লালমনিরহাট | nilphamari নীলফামারী | panchagarh পঞ্চগড় | thakurgaon ঠাকুরগাঁও | patuakhali পটুয়াখালী | barguna বরগুনা | bhola ভোলা | pirojpur পিরোজপুর | jhalokathi ঝালকাঠি | madaripur মাদারীপুর | shariatpur শরীয়তপুর | gopalganj গোপালগঞ্জ | manikganj মানিকগঞ্জ | munshiganj মুন্সিগঞ্জ | narsingdi নরসিংদী | rajbari রাজবাড়ী | kuakata কুয়াকাটা
zelensky জেলেনস্কি | netanyahu নেতানিয়াহু | macron মাখোঁ | musk মাস্ক | obama ওবামা | imran ইমরান | shehbaz শাহবাজ | suvendu শুভেন্দু | abhishek অভিষেক | rahul রাহুল | mahua মহুয়া | mamdani মামদানি | khamenei খামেনি | erdogan এরদোয়ান | litton লিটন | miraz মিরাজ | taskin তাসকিন | shanto শান্ত | mushfiq মুশফিক | mustafiz মোস্তাফিজ
mahmudullah মাহমুদউল্লাহ | mashrafe মাশরাফি | hamza হামজা | rohit রোহিত | bumrah বুমরা | dhoni ধোনি | tendulkar টেন্ডুলকার | babar বাবর | mbappe এমবাপ্পে | haaland হলান্ড | yamal ইয়ামাল | vinicius ভিনিসিয়ুস | djokovic জোকোভিচ | alcaraz আলকারাজ | federer ফেদেরার | nadal নাদাল | shahrukh শাহরুখ | salman সালমান | aamir আমির | deepika দীপিকা | alia আলিয়া | jaya জয়া | tagore রবীন্দ্রনাথ | nazrul নজরুল
milestone মাইলস্টোন | grandmaster গ্র্যান্ডমাস্টার | copa কোপা | bkash বিকাশ | windows উইন্ডোজ | kidney কিডনি | pneumonia নিউমোনিয়া | chikungunya চিকুনগুনিয়া | malaria ম্যালেরিয়া | nipah নিপাহ | measles হাম | polio পোলিও
stroke স্ট্রোক | surgery সার্জারি,অস্ত্রোপচার | therapy থেরাপি | liver লিভার | bacteria ব্যাকটেরিয়া | protein প্রোটিন | vitamin ভিটামিন | galaxy গ্যালাক্সি | chatbot চ্যাটবট | password পাসওয়ার্ড | bluetooth ব্লুটুথ | charger চার্জার | display ডিসপ্লে | gmail জিমেইল | messenger মেসেঞ্জার | thread থ্রেডস | uber উবার | pathao পাঠাও
foodpanda ফুডপ্যান্ডা | daraz দারাজ | boeing বোয়িং | airbus এয়ারবাস | toyota টয়োটা | honda হোন্ডা | nokia নোকিয়া | oppo অপো | walton ওয়ালটন | grameenphone গ্রামীণফোন | banglalink বাংলালিংক | teletalk টেলিটক | grameen গ্রামীণ | brac ব্র্যাক | adani আদানি | ambani আম্বানি | tata টাটা | chess দাবা | archery আর্চারি | badminton ব্যাডমিন্টন
basketball বাস্কেটবল | boxing বক্সিং | racing রেসিং | formula ফর্মুলা | cycling সাইক্লিং | swimming সাঁতার | wrestling কুস্তি | bowler বোলার | bowling বোলিং | batting ব্যাটিং | batsman ব্যাটসম্যান | batter ব্যাটার | keeper কিপার | fielding ফিল্ডিং | allrounder অলরাউন্ডার | draft ড্রাফট | auction নিলাম | spinner স্পিনার | pacer পেসার
midfielder মিডফিল্ডার | striker স্ট্রাইকার | defender ডিফেন্ডার | goalkeeper গোলকিপার | clasico ক্লাসিকো | uefa উয়েফা | juventus জুভেন্টাস | bayern বায়ার্ন | dortmund ডর্টমুন্ড | atletico আতলেতিকো | tottenham টটেনহাম | euro ইউরো | grammy গ্র্যামি | tollywood টালিউড,টলিউড | dhallywood ঢালিউড | actress অভিনেত্রী | actor অভিনেতা | teaser টিজার
commonwealth কমনওয়েলথ | pentagon পেন্টাগন | kremlin ক্রেমলিন | taliban তালেবান | houthi হুতি | interpol ইন্টারপোল | biscuit বিস্কুট | burger বার্গার | pizza পিৎজা | coffee কফি | biryani বিরিয়ানি | chicken মুরগি | rice চাল | onion পেঁয়াজ | potato আলু | egg ডিম | sugar চিনি | salt লবণ | cow গরু | tiger বাঘ | elephant হাতি | dog কুকুর | bird পাখি | fish মাছ | forest বন | sea সাগর,সমুদ্র | island দ্বীপ | hill পাহাড়`;

/** Narrower names, which who asks for the wider one means too. */
const narrower = `নির্বাচন কমিশনার > সিইসি
তৃণমূল কংগ্রেস > তৃণমূল
ফলাফল > ফল`;

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
