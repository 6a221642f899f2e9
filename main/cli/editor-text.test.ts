import { describe, expect, it } from 'vitest';
import { editorTemplate, readEditorText } from './editor-text.ts';
import { SECTIONS } from '../../shared/domain/log-text/sections.ts';

describe('what a person writes into the editor', () => {
  const template = editorTemplate('DNS');

  it('starts with every section but the block', () => {
    expect(template.match(/^## (.*)$/gm)).toEqual(SECTIONS.slice(1).map((name) => `## ${name}`));
  });

  it('is nothing when only the template is left, also with Windows line breaks', () => {
    expect(readEditorText(template)).toBe('');
    expect(readEditorText(template.replaceAll('\n', '\r\n'))).toBe('');
    expect(readEditorText('')).toBe('');
    expect(readEditorText('# Only a title\n')).toBe('');
  });

  it('keeps the title and what was filled in', () => {
    const text = template
      .replace(/<!-- write: decisions.*-->/, '- kept')
      .replace('# Session Log — DNS', '# Mail');
    expect(readEditorText(text)).toBe('# Mail\n\n## Key Decisions\n\n- kept\n\n');
    expect(readEditorText('Just words.\n')).toBe('Just words.\n');
    expect(readEditorText('## Key Decisions\n\nx\n')).toBe('## Key Decisions\n\nx\n');
  });
});
