import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../shared/app-error.ts';
import { windowRemedy, windowWords } from '../../shared/format/window-remedy.ts';
import { en } from '../../shared/i18n/en.ts';
import { hashOf, parseHash } from '../../shared/ipc/route.ts';
import { foundRemedies } from './found-remedies.ts';

const found = foundRemedies();
/** Commands that no window carries out: they run in a terminal, and the words say so. */
const IN_TERMINAL = /“session-log\u00a0(?:migrate|demo|uninstall|lock|browse|secrets|forget)\b[^”]*”/g;

describe('every remedy of the program, in a window', () => {
  it('was found', () => {
    expect(found.length).toBeGreaterThan(300);
    const texts = found.map(({ text }) => text);
    expect(texts).toContain('Run `session-log doctor`.');
    expect(texts.some((text) => text.includes('restore --all'))).toBe(true);
  });

  it('holds no command of ours, no option, no setting key, no machine time and no backtick', () => {
    const bad = found.flatMap(({ where, text }) => {
      const shown = windowRemedy({ remedy: text }, 'UTC');
      const plain = shown.text
        .replaceAll(IN_TERMINAL, '')
        .replaceAll(/“(?:git|gcloud|ssh|sudo|chmod|iconv|ls|npm) [^”]*”/g, '');
      const isBad =
        /`|session-log[ \u00a0][a-z]|(?:^|\s)--[a-z]|\d{4}-\d\d-\d\dT/.test(plain) ||
        Object.keys(en.remedies.settingNames).some((key) => plain.includes(key));
      return isBad ? [`${where}: ${shown.text}`] : [];
    });
    expect(bad).toEqual([]);
  });

  it('says something or offers something', () => {
    const nothing = found.filter(({ text }) => {
      const { text: words, actions } = windowRemedy({ remedy: text }, 'UTC');
      // What speaks of options alone is about a command line, where no window leads.
      return words === '' && actions.length === 0 && !/--[a-z]/.test(text);
    });
    expect(nothing).toEqual([]);
  });

  it('leads to places that there are', () => {
    for (const { text } of found)
      for (const action of windowRemedy({ remedy: text }, 'UTC').actions)
        if (action.kind === 'go') expect(parseHash(hashOf(action.route))).toEqual(action.route);
  });

  it('has a title for each kind of failure, without marks of a terminal', () => {
    for (const code of ERROR_CODES)
      expect(windowWords(en.problems.titles[code], 'UTC')).toBe(en.problems.titles[code]);
  });
});
