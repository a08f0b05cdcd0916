import { wordKey } from '../key.ts';
import {
  alsoNouns,
  bentRoots,
  causatives,
  clearButForParticiples,
  clearRoots,
  irregular,
  neverVerbs,
  plainRoots,
  roots,
  vowelRoots,
} from './verb-roots.ts';

/** What a form is a form of. Most have one verb; জানায় and খেলে have two. */
export type VerbForm = { verbs: readonly string[]; alsoNoun: boolean };

/** The three stems that a verb's endings stand on: লেখ-ে, লিখ-ছে, লিখ-েছে; ডাক-ে, ডাক-ছে, ডেক-েছে. */
type Stems = { low: string; high: string; perfect: string };

const split = (words: string) => words.trim().split(/\s+/);

const onLow = split('ে েন ো েনি েননি া ার াকে াই াও াটা');
/** Of a verb whose causative has it too it is that one's: কমাতে is কমানো. */
const causativeToo = 'াতে';
/** Both are meant by it, দাম বাড়ায় and ভাড়া বাড়ায় ভোগান্তি, but not of these: জানায় is জানানো and seldom জানা. */
const locative = 'ায়';
const causativeAlone: ReadonlySet<string> = new Set(split('জান দেখ শিখ শুন বুঝ উঠ ঘুর ফির মান'));
const onHigh = split(`ি িস িনি ুন ুক
  ছি ছ ছো ছিস ছে ছেন ছিলাম ছিলে ছিল ছিলেন
  লাম লে লি ল লেন তাম তে তিস ত তেন ব বে বি বেন বার`);
const onPerfect = split('ে ো েছি েছ েছো েছিস েছে েছেন েছিলাম েছিলে েছিল েছিলেন');

const afterVowel = split(`ই ইস ইনি ও য় য়নি ন ননি ক চ্ছি চ্ছ চ্ছো চ্ছিস চ্ছে চ্ছেন চ্ছিলাম চ্ছিলে চ্ছিল চ্ছিলেন ব বে বি বেন বার`);
const past = split('লাম লে লি ল লেন');
const habit = split('তাম তে তিস ত তেন');
const causativeNoun = split('নো নোর নোয় নোতে নোকে নোটা');
/** As Kolkata writes them: পিছোল, ঘুমোচ্ছেন, লুকোনো. */
const rounded = split('চ্ছি চ্ছে চ্ছেন চ্ছিল চ্ছিলেন ল লে লেন লাম তে বে বেন য়নি নো নোর');
const participle = split('ে েছি েছ েছো েছিস েছে েছেন েছিলাম েছিলে েছিল েছিলেন');

/** লিখ is লেখ- before the endings that keep the vowel open, শুন is শোন-, উঠ is ওঠ-. */
const opened = (root: string) => (root.startsWith('উ') ? `ও${root.slice(1)}` : root.replace('ি', 'ে').replace('ু', 'ো'));

/** ডাক is ডেক- in the perfect, আন is এন-. */
const raised = (root: string) => (root.startsWith('আ') ? `এ${root.slice(1)}` : root.replace('া', 'ে'));

function stemsOf(root: string): Stems {
  if (plainRoots.has(root)) return { low: root, high: root, perfect: root };
  if (/^.?্?.?[িু]|^উ/.test(root)) return { low: opened(root), high: root, perfect: root };
  return { low: root, high: root, perfect: raised(root) };
}

const causativeRoots: ReadonlySet<string> = new Set(split(causatives));

const joined = (stem: string, endings: readonly string[]) => endings.map((ending) => stem + ending);

function formsOf(root: string): string[] {
  const { low, high, perfect } = stemsOf(root);
  const shared = [
    ...(causativeAlone.has(root) ? [] : [low + locative]),
    ...(root !== 'কর' && causativeRoots.has(root) ? [] : [low + causativeToo]),
  ];
  return [...shared, ...joined(low, onLow), ...joined(high, onHigh), ...joined(perfect, onPerfect)];
}

const clearOnHigh = split('ছি ছে ছেন ছিল ছিলেন ছিলাম ল লে লেন লাম বে বেন তে তেন');
const clearOnPerfect = split('েছি েছে েছেন েছিল েছিলেন');

/** Of a verb whose other forms are taken for nouns. */
function clearForms(root: string, participle: readonly string[]): string[] {
  const { low, high, perfect } = stemsOf(root);
  return [
    ...joined(low, ['েনি', 'েননি']),
    ...joined(high, clearOnHigh),
    ...joined(perfect, [...clearOnPerfect, ...participle]),
  ];
}

/** Of a verb that ends in া: its own, as পাঠা-, or made of another, as জানা- of জান-. ঘোরানো and ঘুরানো are both written. */
function causativeForms(root: string): string[] {
  const { low, high } = stemsOf(root);
  const endings = [...afterVowel, ...past, ...habit, ...causativeNoun];
  return [
    ...[low, high].flatMap((stem) => joined(`${stem}া`, endings)),
    ...(/[িু]/.test(root) ? joined(`${high}ো`, rounded) : []),
    ...joined(`${high}িয়`, participle),
  ];
}

/** পেল and খেল; but গেল, চাইল, গাইল are written out. */
const pastOfRaised: ReadonlySet<string> = new Set(['পা', 'খা']);

/** যা-, পা-, খা-: the vowel is another before তে and in the perfect. */
function vowelForms(root: string): string[] {
  const raisedRoot = raised(root);
  const noun = joined(`${root}ওয়া`, split('র য় তে কে টা ই ও'));
  return [
    `${root}ওয়া`,
    ...noun,
    ...joined(root, afterVowel),
    ...(pastOfRaised.has(root) ? joined(raisedRoot, past) : []),
    ...(root === 'যা' || pastOfRaised.has(root) ? joined(raisedRoot, habit) : []),
    ...joined(`${raisedRoot}য়`, participle),
  ];
}

const never: ReadonlySet<string> = new Set(split(neverVerbs).map(wordKey));

/** Keys do not tell ছেঁড়ে from ছেড়ে, which is of ছাড়া. */
const isOfAnother = (root: string, form: string) => root === 'ছিঁড়' && form === 'ছেঁড়ে';

function allForms(): Map<string, VerbForm> {
  const forms = new Map<string, VerbForm>();
  const alsoNoun = new Set(split(alsoNouns).map(wordKey));
  const add = (verb: string, made: readonly string[]) => {
    for (const form of made.map(wordKey)) {
      if (never.has(form)) continue;
      const verbs = forms.get(form)?.verbs ?? [];
      if (!verbs.includes(verb)) forms.set(form, { verbs: [...verbs, verb], alsoNoun: alsoNoun.has(form) });
    }
  };
  for (const root of split(roots))
    add(
      root,
      formsOf(root).filter((form) => !isOfAnother(root, form)),
    );
  for (const root of split(clearRoots)) add(root, clearForms(root, ['ে']));
  for (const root of split(clearButForParticiples)) add(root, clearForms(root, []));
  for (const root of split(causatives)) add(`${root}া`, causativeForms(root));
  for (const root of split(bentRoots)) add(`${root}া`, [...causativeForms(root), ...joined(root, participle)]);
  for (const root of split(vowelRoots)) add(root, vowelForms(root));
  for (const [verb, made] of Object.entries(irregular)) add(verb, split(made));
  return forms;
}

let forms: ReadonlyMap<string, VerbForm> | undefined;

/** What looks like an older form and is a name or a noun. হইতে is "from". */
const names: ReadonlySet<string> = new Set(
  split('মারিয়া সাজিয়া আসিয়া হানিয়া সারিয়া হাসিল মিলিয়া আনিয়া মানিয়া হইতে চিনিল বাড়িয়া').map(wordKey),
);

/** Endings that a denial is written together with: হবেনা, করছেনা. Not করো-না, which is a virus. */
const deniable = /(?:বে|বেন|ছে|ছেন|\u09DF|তে)$/;

/**
 * Forms of older and of spoken language, told by the stem that they share with today's: করিয়াছেন and করতেছে have that of করছে, and
 * জানাইলেন that of জানাচ্ছে. Not লিখিত or বাড়িতে, which are no verbs.
 */
const seen = '(?:ছি|ছে|ছেন|ছিল|ছিলেন|ছিলাম)';
const done = `${wordKey('িয়া')}${seen}?`;
const oldAfterConsonant = new RegExp(`^(.+?)(?:${done}|ি?তে${seen}|তাছে|ি(?:ল|লে|লেন|লাম|বে|বেন))$`);
const oldAfterVowel = new RegExp(
  `^(.+?)ই(?:${done.slice(1)}|তে${seen}?|লেন|লাম|বে|বেন)$|^(হ|পা|যা|খা|চা)ই(?:লে?|ছে|ছি|তাছে)$`,
);

function oldForm(key: string): VerbForm | undefined {
  const found = oldAfterVowel.exec(key);
  const afterVowel = found?.[1] ?? found?.[2];
  const today = afterVowel !== undefined ? `${afterVowel}চ্ছে` : `${oldAfterConsonant.exec(key)?.[1] ?? ''}ছে`;
  return names.has(key) ? undefined : forms?.get(today);
}

/** The verb of which a key is a form, with or without the emphatic ই, ও and ো. Forms that are commoner as other words are none. */
export function verbForm(key: string): VerbForm | undefined {
  forms ??= allForms();
  const whole = forms.get(key);
  if (whole !== undefined || never.has(key)) return whole;
  const bare = key.slice(0, -1);
  const old = oldForm(key);
  if (old !== undefined) return old;
  if (/[লব]ো$/.test(key)) return spelledOut(forms.get(bare));
  if (/[ইওো]$/.test(key)) return emphatic(forms.get(bare) ?? oldForm(bare));
  if (key.endsWith('না') && deniable.test(key.slice(0, -2))) return emphatic(forms.get(key.slice(0, -2)));
  return undefined;
}

const emphatic = (form: VerbForm | undefined) => (form?.alsoNoun === true ? undefined : form);

/** হলো and কমলো, which are no hall and no lotus: nouns have no ো there. */
const spelledOut = (form: VerbForm | undefined) => (form === undefined ? undefined : { ...form, alsoNoun: false });
