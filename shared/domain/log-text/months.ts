/**
 * Month names as written in dates, by language: first the name and its case forms, then abbreviations. A name that means different
 * months in two of these languages (Czech and Croatian share some) is omitted from the later one.
 */
const NAMES: readonly (readonly string[])[] = [
  // English
  [
    'january jan',
    'february feb',
    'march mar',
    'april apr',
    'may',
    'june jun',
    'july jul',
    'august aug',
    'september sept sep',
    'october oct',
    'november nov',
    'december dec',
  ],
  // German
  [
    'januar jänner',
    'februar',
    'märz mär mrz',
    '',
    'mai',
    'juni',
    'juli',
    '',
    '',
    'oktober okt',
    '',
    'dezember dez',
  ],
  // French
  [
    'janvier janv',
    'février fevrier févr',
    'mars',
    'avril avr',
    '',
    'juin',
    'juillet juil',
    'août aout',
    'septembre',
    'octobre',
    'novembre',
    'décembre decembre déc',
  ],
  // Spanish
  [
    'enero ene',
    'febrero',
    'marzo',
    'abril abr',
    'mayo',
    'junio',
    'julio',
    'agosto ago',
    'septiembre setiembre',
    'octubre',
    'noviembre',
    'diciembre dic',
  ],
  // Portuguese
  [
    'janeiro',
    'fevereiro fev',
    'março marco',
    '',
    'maio',
    'junho',
    'julho',
    '',
    'setembro set',
    'outubro out',
    'novembro',
    'dezembro',
  ],
  // Italian
  [
    'gennaio gen',
    'febbraio',
    '',
    'aprile',
    'maggio mag',
    'giugno giu',
    'luglio lug',
    '',
    'settembre',
    'ottobre ott',
    '',
    'dicembre',
  ],
  // Dutch
  ['januari', 'februari', 'maart mrt', '', 'mei', '', '', 'augustus', '', '', '', ''],
  // Swedish, Danish, Norwegian
  ['', '', '', '', 'maj', '', '', 'augusti', '', '', '', 'desember'],
  // Slovak
  [
    'január januára',
    'február februára',
    'marec marca',
    'apríl apríla',
    'máj mája',
    'jún júna',
    'júl júla',
    'augusta',
    'septembra',
    'október októbra',
    'novembra',
    'decembra',
  ],
  // Czech
  [
    'leden ledna',
    'únor února',
    'březen března',
    'duben dubna',
    'květen května',
    'červen června',
    'červenec července',
    'srpen srpna',
    'září',
    'říjen října',
    'listopad',
    'prosinec prosince',
  ],
  // Polish; "listopada" is November, as "listopad" is in Czech
  [
    'styczeń stycznia',
    'luty lutego',
    'marzec',
    'kwiecień kwietnia',
    'maja',
    'czerwiec czerwca',
    'lipiec lipca',
    'sierpień sierpnia',
    'wrzesień września',
    'październik października',
    'listopada',
    'grudzień grudnia',
  ],
  // Russian
  [
    'январь января янв',
    'февраль февраля фев',
    'март марта мар',
    'апрель апреля апр',
    'май мая',
    'июнь июня июн',
    'июль июля июл',
    'август августа авг',
    'сентябрь сентября сен сент',
    'октябрь октября окт',
    'ноябрь ноября ноя нояб',
    'декабрь декабря дек',
  ],
  // Ukrainian
  [
    'січень січня',
    'лютий лютого',
    'березень березня',
    'квітень квітня',
    'травень травня',
    'червень червня',
    'липень липня',
    'серпень серпня',
    'вересень вересня',
    'жовтень жовтня',
    'листопад листопада',
    'грудень грудня',
  ],
  // Turkish
  [
    'ocak',
    'şubat',
    'mart',
    'nisan',
    'mayıs',
    'haziran',
    'temmuz',
    'ağustos',
    'eylül',
    'ekim',
    'kasım',
    'aralık',
  ],
  // Arabic
  [
    'يناير',
    'فبراير',
    'مارس',
    'أبريل ابريل',
    'مايو',
    'يونيو',
    'يوليو',
    'أغسطس',
    'سبتمبر',
    'أكتوبر',
    'نوفمبر',
    'ديسمبر',
  ],
];

/** Keyed by lower-case name in composed form. */
const MONTHS: ReadonlyMap<string, number> = new Map(
  NAMES.toReversed().flatMap((language) =>
    language.flatMap((names, at) =>
      names === '' ? [] : names.split(' ').map((name): [string, number] => [name.normalize('NFC'), at + 1]),
    ),
  ),
);

/** Returns 1 to 12 for a month name in any of the languages above, case-insensitive; 0 for any other word. */
export function monthOf(word: string): number {
  return MONTHS.get(word.toLowerCase().normalize('NFC')) ?? 0;
}
