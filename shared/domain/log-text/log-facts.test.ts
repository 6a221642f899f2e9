import { describe, expect, it } from 'vitest';
import { readLogText, type LogText } from '../log-text.ts';

const read = (text: string, path = 'mail.md'): LogText => readLogText(text, path);

describe('the day of a log', () => {
  it.each([
    ['**Date:** 2031-03-09', 'English'],
    ['**Date**: March 9, 2031 (Sunday)', 'English, in words'],
    ['- Session date: 2031-03-09 10:00', 'English, in a list'],
    ['> Date: 2031-03-09', 'a quote'],
    ['*Date: 2031-03-09*', 'italic'],
    ['**Owner:** Ops | **Date:** 2031-03-09 | **Status:** done', 'one of several in a line'],
    ['**Status:** done **Date:** 2031-03-09', 'with no mark between them'],
    ['| Field | Value |\n|---|---|\n| Date | 2031-03-09 |', 'a row'],
    ['| Date | Author |\n|---|---|\n| 2031-03-09 | Ana Roth |', 'a column'],
    ['| **Date** | 2031-03-09 |\n|---|---|\n| Area | mail |', 'the first row'],
    ['**Datum:** 09.03.2031', 'German'],
    ['**Dátum:** 9.3.2031', 'Slovak'],
    ['**Datum:** 9. března 2031', 'Czech'],
    ['**Дата**: 9 марта 2031', 'Russian'],
    ['**日付**: 2031年3月9日', 'Japanese'],
    ['**日期：** 2031-03-09', 'Chinese, with a wide colon'],
    ['**날짜:** 2031년 3월 9일', 'Korean'],
    ['**Fecha:** 9 de marzo de 2031', 'Spanish'],
    ['**Data:** 09/03/2031 — 2031-03-09', 'Portuguese, the unmistakable of two'],
    ['**Date :** 9 mars 2031', 'French, with a space'],
    ['**Огноо:** 2031-03-09', 'Mongolian'],
    ['**Dates:** 2031-03-09 to 2031-03-11', 'where a few days begin'],
    ['2031-03-09', 'a line of its own'],
    ['*Sunday, March 9, 2031, 10:00*', 'a line of its own, in words'],
  ])('is read from the line %j (%s)', (line) => {
    expect(read(`# The queue\n\n${line}\n\n## Summary\n\nFixed what broke on 2030-01-01.\n`).day).toEqual({
      date: '2031-03-09',
      from: 'text',
    });
  });

  it.each([
    '# 2031-03-09',
    '# 2031-03-09 The queue',
    '# Session 5 — 2031-03-09 — The queue',
    '# The queue (2031-03-09)',
    '# The queue – March 9, 2031',
    '# State of the queue as of 2031-03-09',
    '# 作業ログ 2031-03-09',
    '# 操作日志 2031-03-09（二）',
    '# Session log of the queue - 2031-03-09 (V2)',
    '# Итоговый отчёт сессии 2031-03-09',
    '### Session 4 — 2031-03-09',
    '# The queue\n\n## Date: 2031-03-09',
    'Session Log 2031-03-09\n======================',
    '# The queue\n\n## 2031-03-09',
  ])('is read from the heading %j', (heading) => {
    expect(read(`${heading}\n\nEmpty.\n`).day).toEqual({ date: '2031-03-09', from: 'text' });
  });

  it.each([
    ['# After the outage of 2031-03-09 all is well\n', 'the day of something else'],
    ['# Changes\n\n## 2031-03-09\n\nx\n\n## 2031-03-08\n\ny\n', 'days of many'],
    ['# Days\n\n- [2031-03-09](a.md)\n- [2031-03-08](b.md)\n', 'an index'],
    ['# The queue\n\n**Last updated:** 2031-03-09\n', 'the day of a change'],
    ['# The queue\n\n**Next session:** 2031-03-09\n**Due date:** 2031-03-10\n', 'days to come'],
    ['# The queue\n\n**Date:** 03/04/2031\n', 'one of two days'],
    [`# The queue\n${'\n'.repeat(80)}**Date:** 2031-03-09\n`, 'not at the top'],
    ['# The queue\n\n```\nDate: 2031-03-09\n```\n', 'in code'],
    ['# The queue\n\nWe met on 2031-03-09 and talked.\n', 'in a sentence'],
  ])('is not read from %j, which is %s', (text) => {
    expect(read(text).day).toBeNull();
  });

  it('is that of a first line that begins with one, if all such lines have the same', () => {
    expect(read('- [2031-03-09 09:50] Learned\n- [2031-03-09 10:50] More\n').day?.date).toBe('2031-03-09');
    expect(read('- [2031-03-09 09:50] Learned\n- [2031-03-10 10:50] More\n').day).toBeNull();
    expect(read('**Date:** 3/29/31\n').day?.date).toBe('2031-03-29');
    expect(read('**Date:** 3/9/31\n').day).toBeNull();
  });

  it('is taken from the name, else the folders, else the front matter, else the text, else month folder and number', () => {
    const text = '**Date:** 2031-03-04\n';
    const matter = `---\nmeta:\n  date: 2031-03-03\n---\n${text}`;
    const of = (body: string, path: string) => read(body, path).day;
    expect(of(matter, '2031-03-02/2031-03-01-ana-mail.md')).toEqual({ date: '2031-03-01', from: 'name' });
    expect(of(matter, '2031-03-02/20310301.md')).toEqual({ date: '2031-03-01', from: 'name' });
    expect(of(matter, '2031-03-02/mail.md')).toEqual({ date: '2031-03-02', from: 'folder' });
    expect(of(matter, '2031-03/05-mail.md')).toEqual({ date: '2031-03-03', from: 'front-matter' });
    expect(of(text, '2031-03/05-mail.md')).toEqual({ date: '2031-03-04', from: 'text' });
    expect(of('', '2031-03/05-mail.md')).toEqual({ date: '2031-03-05', from: 'folder' });
    expect(of('', '9999-03-01-ana-mail.md')).toBeNull();
  });
});

describe('the time of a log', () => {
  it('is that of its first mark, else of a moment with its offset', () => {
    const matter = '---\ndate: 2031-03-09T10:00:00+02:00\n---\n';
    const mark = '<!-- session-log: session=s saved=2031-03-09T09:30:00.000+02:00 text=0 -->\n';
    expect(read(matter).time).toBe(Date.UTC(2031, 2, 9, 8));
    expect(read(matter + mark).time).toBe(Date.UTC(2031, 2, 9, 7, 30));
    expect(read('---\ndate: 2031-03-09T10:00:00\n---\n').time).toBeNull();
  });
});

describe('who wrote a log', () => {
  it.each([
    ['**Author:** Ana Roth', 'Ana Roth', null],
    ['**Author:** Ana Roth (ana)', 'Ana Roth', 'ana'],
    ['**Author:** Ana Roth <ana@example.com>', 'Ana Roth', null],
    ['**User:** @ana', null, 'ana'],
    ['**Autor:** Ana van der Roth', 'Ana van der Roth', null],
    ['**作者:** 山田 花子', '山田 花子', null],
    ['---\nauthor:\n  name: Ana Roth\nuser: ana\n---', 'Ana Roth', 'ana'],
    ['---\nauthors: [Ana Roth, Ben]\n---', 'Ana Roth', null],
    ['**Author:** Claude Opus 4.6', null, null],
    ['**Author:** 4711', null, null],
    ['---\nuser: 001\n---', null, null],
    ['**Author:** [your name]', null, null],
    ['**User:** please move the mail server\n\n**Assistant:** Done.', null, null],
    ['**User:** Continue\n\n**Assistant:** Done.', null, null],
  ])('is read from %j', (line, author, user) => {
    expect(read(`${line}\n\n# The queue\n`)).toMatchObject({ author, user });
  });

  it('is what the User block says, first of all', () => {
    const block = '## User\n\n- **User:** Ben Ito (ben)\n- **Machine:** kiln\n';
    expect(read(`---\nauthor: Ana Roth\n---\n${block}`)).toMatchObject({
      author: 'Ben Ito',
      user: 'ben',
      machineName: 'kiln',
    });
    expect(read('## User\n\n- **User:** 4711 (12)\n')).toMatchObject({ author: null, user: null });
  });

  it('is never a word of the file\u2019s name', () => {
    for (const path of [
      '2031-03-09-SESSION-HISTORY.md',
      '2031-03-09-001-mail.md',
      '2031-03-09-09-15-mail.md',
    ])
      expect(read('# The queue\n', path)).toMatchObject({ author: null, user: null });
  });
});

describe('what a log is about', () => {
  it('is said by the text, else by the path', () => {
    const path = 'projects/kiln/clients/acme/x.md';
    expect(read('', path)).toMatchObject({ project: 'kiln', client: 'acme', tags: [] });
    expect(
      read('---\nproject: Harbour\nclient: Bell & Co\ntags:\n  - mail\n  - dns\n---\n', path),
    ).toMatchObject({
      project: 'Harbour',
      client: 'Bell & Co',
      tags: ['mail', 'dns'],
    });
    expect(read('**Project:** [Harbour](https://example.com)\n**Tags:** #mail #dns\n')).toMatchObject({
      project: 'Harbour',
      tags: ['mail', 'dns'],
    });
    expect(read('**Project:** /srv/code/harbour/\n').project).toBe('harbour');
    expect(read('**Project:** https://example.com/x\n').project).toBeNull();
    expect(read('| Project | Stars |\n|---|---|\n| a | 5 |\n').project).not.toBe('Stars');
  });
});

describe('the title of a log', () => {
  it.each([
    ['The queue\n=========\n\nEmpty.\n', 'The queue'],
    ['The queue\n---------\n\nEmpty.\n', 'The queue'],
    ['---\ntitle: >-\n  The queue\n  is empty\n---\n\nDone.\n', 'The queue is empty'],
    ['# **The** [queue](https://example.com) is `empty`\n', 'The queue is empty'],
    ['# The_queue *is* <b>empty</b> &amp; closed <!-- x -->\n', 'The_queue is empty & closed'],
    ['# Session Log: The queue\n', 'The queue'],
    ['# Session Log — 2031-03-09 — The queue\n', 'The queue'],
    ['# Session Log\n', 'Session Log'],
    ['# Session Log 2031-03-09\n', 'Session Log 2031-03-09'],
    ['# Session Logs of the team\n', 'Session Logs of the team'],
    ['---\n\n# The queue\n\nEmpty.\n\n---\n\n## Next\n', 'The queue'],
    ['Empty since noon.\n---\n\n## Next\n', 'Next'],
    ['**Date:** 2031-03-09\n---\n\n## Next\n', 'Next'],
    ['## User\n\n## Session Summary\n\nx\n', null],
    ['# Summary\n\n## The queue\n', 'The queue'],
    ['<pre>\n# In a sample\n</pre>\n\n# The queue\n', 'The queue'],
    ['<pre>\n# The queue\n', 'The queue'],
  ])('of %j is %j', (text, title) => {
    expect(read(text).title).toBe(title);
  });
});

describe('the heading of a note, by its words', () => {
  it.each([
    '## **Note for Ana**',
    '## *Note for Ana*',
    '## 3. Note for Ana',
    '## 3) Note for Ana:',
    '## 2.1 Note for Ana',
    '## 📌 Note for Ana',
    '## 1️⃣ Note for Ana',
    '## [Note for Ana](#note)',
    '## Note for Ana <!-- urgent -->',
    '## Note for Ana ##',
    '## — Note for Ana —',
    '## `Note` for **Ana**!',
    'Note for Ana\n------------',
  ])('%j is one', (heading) => {
    const { notes } = read(`# The queue\n\n${heading}\n\nPlease look.\n\n## Next\n\nx\n`);
    expect(notes).toMatchObject([{ to: 'Ana', kind: 'note', text: 'Please look.' }]);
  });

  it.each([
    '<pre>\n## Note for Ana\n</pre>',
    '```\n## Note for Ana\n```',
    '    ## Note for Ana',
    '<!--\n## Note for Ana\n-->',
    '## Note for the next session',
    '## Notes for Ana',
  ])('%j is none', (block) => {
    expect(read(`# The queue\n\n${block}\n\nPlease look.\n`).notes).toEqual([]);
  });
});
