/** A locale whose numbers and dates `plainIntl` writes. */
export const plainLocale = "en-US-x-plain";

/**
 * An `Intl` that writes numbers and dates of `plainLocale` as their value and options, so that they are the same with every
 * version of ICU. Other locales are as usual.
 */
export const plainIntl = {
  Locale: Intl.Locale,
  Segmenter: Intl.Segmenter,
  NumberFormat: plainFormat(Intl.NumberFormat, String),
  DateTimeFormat: plainFormat(Intl.DateTimeFormat, (at: Date | number) => new Date(at).toISOString()),
};

type Format<Value, Options> = new (locale: string, options?: Options) => { readonly format: (value: Value) => string };

function plainFormat<Value, Options>(Usual: Format<Value, Options>, text: (value: Value) => string) {
  return function plain(locale: string, options?: Options) {
    if (locale !== plainLocale) return new Usual(locale, options);
    const shown = Object.values(options ?? {}).join(" ");
    return { format: (value: Value) => `${text(value)} ${shown}` };
  } as unknown as Format<Value, Options>;
}
