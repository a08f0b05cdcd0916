/** Names and words that are written in Bangla and in Latin letters as well, one group a line. */
export const latinAliases = `বিশ্ব স্বাস্থ্য সংস্থা = ডব্লিউএইচও = WHO
আন্তর্জাতিক মুদ্রা তহবিল = আইএমএফ = IMF
এশীয় উন্নয়ন ব্যাংক = এডিবি = ADB
জাতিসংঘ = রাষ্ট্রপুঞ্জ = ইউএন = UN
ইউরোপীয় ইউনিয়ন = ইইউ = EU
সংযুক্ত আরব আমিরাত = ইউএই = UAE
যুক্তরাষ্ট্র = আমেরিকা = ইউএসএ = USA
যুক্তরাজ্য = ব্রিটেন = UK
কৃত্রিম বুদ্ধিমত্তা = এআই = AI
মোট দেশজ উৎপাদন = জিডিপি = GDP
তরলীকৃত প্রাকৃতিক গ্যাস = এলএনজি = LNG
বিজিএমইএ = BGMEA
নাসা = NASA
ফিফা = FIFA
ন্যাটো = নেটো = NATO
ইউনিসেফ = UNICEF
ইউনেস্কো = UNESCO
কোভিড = করোনা = করোনাভাইরাস = COVID
ফেসবুক = Facebook
গুগল = Google
ইউটিউব = YouTube
টিকটক = TikTok
হোয়াটসঅ্যাপ = WhatsApp
মেটা = Meta
অ্যাপল = Apple
টেসলা = Tesla
কলকাতা = Kolkata = Calcutta
চট্টগ্রাম = Chattogram = Chittagong
ট্রাম্প = Trump
পুতিন = Putin
চ্যাটজিপিটি = ChatGPT
ওপেনএআই = OpenAI
আইফোন = iPhone
স্টারলিংক = Starlink
টি-টোয়েন্টি = টি-টুয়েন্টি = টি২০ = T20
৫জি = 5G = ফাইভ-জি
৪জি = 4G = ফোর-জি
জেনজি = জেন জি = Gen Z
ঢাকা = Dhaka
বাংলাদেশ = Bangladesh
ভারত = India
সিলেট = Sylhet
রাজশাহী = Rajshahi
খুলনা = Khulna
বরিশাল = Barishal = Barisal
কুমিল্লা = Cumilla = Comilla
যশোর = Jashore = Jessore
বগুড়া = Bogura = Bogra
ডলার = dollar = USD
বিশ্বব্যাংক = World Bank
সার্ক = SAARC
আসিয়ান = ASEAN
ব্রিকস = BRICS
ওপেক = OPEC
ইনস্টাগ্রাম = Instagram
অ্যান্ড্রয়েড = Android
নেটফ্লিক্স = Netflix
ময়মনসিংহ = Mymensingh
রংপুর = Rangpur
কক্সবাজার = Cox's Bazar
পাকিস্তান = Pakistan
চীন = China
ইসরায়েল = Israel
গাজা = Gaza
ইরান = Iran
রাশিয়া = Russia
ইউক্রেন = Ukraine
মেসি = Messi
ইউনূস = Yunus
হাসিনা = Hasina
খালেদা = Khaleda
তারেক = Tarique
মোদি = Modi
বাইডেন = Biden
ইলন মাস্ক = Elon Musk
সাকিব = Shakib
নেইমার = Neymar
হামাস = Hamas
ক্রিকেট = Cricket
ফুটবল = Football
বাজেট = Budget
মেট্রোরেল = Metro rail
ইন্টারনেট = Internet
ভিসা = Visa
পাসপোর্ট = Passport
অ্যামাজন = Amazon
টেলিগ্রাম = Telegram
টুইটার = Twitter
ইমেইল = Email = E-mail
লন্ডন = London
নিউইয়র্ক = New York
দিল্লি = Delhi
ওয়াশিংটন = Washington
মালয়েশিয়া = Malaysia
কাতার = Qatar
দুবাই = Dubai
জাপান = Japan
শ্রীলঙ্কা = Sri Lanka
নেপাল = Nepal
আফগানিস্তান = Afghanistan
বিটকয়েন = Bitcoin
উইকিপিডিয়া = Wikipedia
ম্যানচেস্টার = Manchester
গুগল ম্যাপ = গুগল ম্যাপস = Google Maps
মাইক্রোসফট = Microsoft
বিশ্বকাপ = World Cup
চ্যাম্পিয়নস লিগ = Champions League
প্রিমিয়ার লিগ = Premier League
রিয়াল মাদ্রিদ = Real Madrid
বার্সেলোনা = Barcelona
লিভারপুল = Liverpool
চেলসি = Chelsea
আর্সেনাল = Arsenal
স্যামসাং = Samsung
শাওমি = Xiaomi
জেমিনি = জেমিনাই = Gemini
ডিপসিক = DeepSeek
এনভিডিয়া = Nvidia
স্পেসএক্স = SpaceX
ওয়াই-ফাই = Wi-Fi
ল্যাপটপ = Laptop
স্মার্টফোন = Smartphone
অ্যাপ = App
ওয়েবসাইট = Website
রোবট = Robot
ড্রোন = Drone
অনলাইন = Online
অস্কার = Oscar = Oscars
নোবেল = Nobel
বুকার = Booker
হলিউড = Hollywood
বলিউড = Bollywood
`;
