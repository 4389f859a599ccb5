/** Somebody the tests add to the demo: with a password, and with no language chosen. */
export interface Added {
  name: string;
  email: string;
  password: string;
  roles: string[];
}

const password = 'sette sedie intorno al tavolo';

/** Sees and may do everything a page can offer. */
export const caretaker: Added = { name: 'Ines Sartori', email: 'ines.sartori@example.com', password, roles: ['admin', 'moderator', 'hr'] };

/** Somebody new without a role, whose settings no other test minds. */
export function newcomer(): Added {
  const name = Math.random().toString(36).slice(2, 10);
  return { name: `Teo ${name}`, email: `teo.${name}@example.com`, password, roles: [] };
}

/** People of the demo whom one click becomes. */
export const marta = 'Marta Riva'; // an employee, reads Italian
export const aneta = 'Aneta Kowalczyk'; // an employee, reads English
export const lucia = 'Lucia Bassi'; // HR
export const paolo = 'Paolo Conti'; // a moderator
export const davide = 'Davide Keller'; // an administrator
