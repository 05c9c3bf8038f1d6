// An open menu under which everything is drawn anew: it stays open, and the keys stay where they were.
import { act, fireEvent, render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { Menu, type MenuItem } from './Menu';

const entry = (id: string): MenuItem => ({ id, label: id, onSelect: () => undefined });

const menu = (...ids: string[]) => <Menu label="More" button="…" items={ids.map(entry)} />;

it('stays open with the focus on the same entry when its entries are made anew', () => {
  const { rerender } = render(menu('one', 'two', 'three'));
  fireEvent.click(screen.getByRole('button', { name: 'More' }));
  act(() => screen.getByRole('menuitem', { name: 'two' }).focus());
  rerender(menu('one', 'two', 'three', 'four'));
  expect(document.activeElement).toBe(screen.getByRole('menuitem', { name: 'two' }));
});

it('gives the focus to the neighbour when the entry under the hand is gone', () => {
  const { rerender } = render(menu('one', 'two', 'three'));
  fireEvent.click(screen.getByRole('button', { name: 'More' }));
  act(() => screen.getByRole('menuitem', { name: 'two' }).focus());
  rerender(menu('one', 'three'));
  expect(document.activeElement).toBe(screen.getByRole('menuitem', { name: 'three' }));
  rerender(menu('one'));
  expect(document.activeElement).toBe(screen.getByRole('menuitem', { name: 'one' }));
});
