import { describe, expect, test } from '@jest/globals';
import { Payload } from '../../core/json/json-value.ts';
import { contentOfPayload, textOfFile } from './model-input.ts';
import { fillSystemPrompt } from './run-llm-agent.ts';
import { toolNames } from './tool-names.ts';

const file = { name: 'a.png', field_name: 'photo', mime_type: 'image/png', data: 'iVBORw0KGgo=', size: 8 };
const filePart = { data: file.data, mime_type: 'image/png', name: 'a.png' };

describe('the input of a run', () => {
  test.each([
    ['the plain message', { message: 'Hi' }, [{ text: 'Hi' }]],
    ['the plain message and the files', { message: 'Hi', files: [file] }, [{ text: 'Hi' }, filePart]],
    ['the JSON text of everything else', { message: 'Hi', id: 7 }, [{ text: '{"message":"Hi","id":7}' }]],
    ['the JSON text without the files', { id: 7, files: [file] }, [{ text: '{"id":7}' }, filePart]],
    ['files that are none as JSON', { files: ['a.png'] }, [{ text: '{"files":["a.png"]}' }]],
    ['a message that is not text as JSON', { message: { id: 7 } }, [{ text: '{"message":{"id":7}}' }]],
    ['a value that is not an object as JSON', [1, 'two'], [{ text: '[1,"two"]' }]],
    ['an empty payload as JSON', {}, [{ text: '{}' }]],
    ['no empty text beside files', { message: '', files: [file] }, [filePart]],
  ])('is %s', (_, payload, parts) => {
    expect(contentOfPayload(Payload.of(payload), null)).toEqual({ role: 'user', parts });
  });

  test("is the trigger's own text where it has one", () => {
    expect(contentOfPayload(Payload.of({ trigger: 'cron' }), 'Report.').parts).toEqual([{ text: 'Report.' }]);
  });
});

describe('the text of a file', () => {
  const utf16 = Buffer.from('\ufeffÄpfel', 'utf16le');

  test.each([
    ['text/plain', Buffer.from('Äpfel')],
    ['TEXT/CSV; charset=UTF-8', Buffer.from('\ufeffÄpfel')],
    ['text/plain; charset="iso-8859-1"', Buffer.from('Äpfel', 'latin1')],
    ['text/plain;charset=utf-16le', utf16.subarray(2)],
    ['application/json', utf16],
    ['text/plain', Buffer.from(utf16).swap16()],
    ['text/plain; charset=unheard-of', Buffer.from('Äpfel')],
  ])('is read in its encoding: %s', (mime_type, bytes) => {
    expect(textOfFile({ mime_type, data: bytes.toString('base64') })).toBe('Äpfel');
  });

  test('is none in a type that is not text', () => {
    expect(textOfFile(filePart)).toBeNull();
  });
});

test('a system prompt is filled from the context, and unknown names stay', () => {
  const context = { name: 'Ada', order: { id: 7, note: null }, tags: ['a'] };
  const prompt =
    'For {name}: {order.id}{order.note}, {order}, {tags}, {unknown}, {order.none}, {"json": 1}, {}';
  expect(fillSystemPrompt(prompt, context)).toBe(
    'For Ada: 7, {"id":7,"note":null}, ["a"], {unknown}, {order.none}, {"json": 1}, {}',
  );
});

describe('names of tools on the wire', () => {
  test('have no dots, and are told back', () => {
    const names = toolNames(['orders.findOrder']);
    expect(names.wireName('orders.findOrder')).toBe('orders__findOrder');
    expect(names.projectName('orders__findOrder')).toBe('orders.findOrder');
    expect(names.projectName('unknown')).toBe('unknown');
  });

  test('never collide and never are too long, whatever the project calls its tools', () => {
    const project = [
      'a__b.c',
      'a.b__c',
      'a.b$c',
      'a.b_c',
      `long.${'x'.repeat(80)}`,
      `long.${'x'.repeat(81)}`,
    ];
    const names = toolNames(project);
    const wire = project.map((name) => names.wireName(name));
    expect(new Set(wire).size).toBe(project.length);
    expect(wire.every((name) => /^[A-Za-z0-9_-]{1,64}$/.test(name))).toBe(true);
    expect(wire.map((name) => names.projectName(name))).toEqual(project);
  });
});
