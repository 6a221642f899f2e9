import { Lexer, type Token } from 'marked';
import type { LogDocument } from './log-document.ts';

/** Quotes and lists deeper than this are shown as written: nobody reads them, and recursion must end. */
const DEEP =
  /^[ \t]*(?:>[ \t]*){13}|^[ \t]{60,}(?:[-*+>]|\d+[.)])[ \t]|^(?:[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+){13}/m;
/** Runs of marks that slow down lexers and mean nothing. */
const NOISE =
  /([*_~`[\]!<&\\])\1{200,}|(?:\[[^\]\n]{0,3}){120,}|(?:!\[){40,}|(?:<[a-zA-Z!?][^>\n]{0,5}){200,}/;

/**
 * Lexes one block of a log to marked's tokens; never to HTML. Null when it must be shown as plain text: too deep, or the lexer failed.
 * @param references link definitions from anywhere in the log
 */
export function lexBlock(source: string, references: LogDocument['references']): readonly Token[] | null {
  if (DEEP.test(source) || NOISE.test(source)) return null;
  try {
    const lexer = new Lexer({ gfm: true });
    // The lexer writes the block's own definitions into this object.
    lexer.tokens.links = Object.assign(Object.create(null), references) as typeof lexer.tokens.links;
    return lexer.lex(source);
  } catch {
    // A lexer exception (stack too deep, "infinite loop") must not break the page; the text can still be read.
    return null;
  }
}
