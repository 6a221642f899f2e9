/**
 * Returns a desktop entry that starts a program hidden, by the freedesktop.org specification.
 * @param program absolute path
 */
export function autostartEntry(program: string): string {
  // Quoted twice: once as an argument of Exec, once as a string of the file. `%` begins a field code.
  const argument = program
    .replaceAll(/["`$\\]/g, '\\$&')
    .replaceAll('%', '%%')
    .replaceAll('\\', '\\\\');
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Session Log',
    `Exec="${argument}" --hidden`,
    'Icon=session-log',
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}
