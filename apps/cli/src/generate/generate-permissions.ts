import { permissions, type Role, roles } from '@orderloom/contracts';

/** The permissions as a Markdown table: a row for each action, a column for each role. */
export const permissionsTable = (): string =>
  [
    ['action', ...roles],
    ['---', ...roles.map(() => ':-:')],
    ...Object.entries(permissions).map(([action, allowed]) => [
      `\`${action}\``,
      ...roles.map((role) => ((allowed as readonly Role[]).includes(role) ? '✓' : '')),
    ]),
  ]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
