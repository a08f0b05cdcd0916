import { describe, expect, it } from '@jest/globals';
import { isNetwork, isPublicAddress, judgeAddress, judgeTarget, liesIn } from '../../src/core/webhook-target.ts';

const loopback = ['127.0.0.0/8'];

describe('a target', () => {
  it.each([
    'https://hooks.example/in',
    'https://hooks.example:8443/',
    'https://203.112.1.1/',
    'https://[2606:4700::1]/',
  ])('is %s', (url) => {
    expect(judgeTarget(url, [])).toBeNull();
  });

  it.each([
    ...['127.0.0.1', '127.1', '0x7f.1', '2130706433', '017700000001', '①②⑦.0.0.1', '127.0.0.1.', '0.0.0.0', '0'],
    ...[
      '[::ffff:7f00:1]',
      '[::ffff:127.0.0.1]',
      '[64:ff9b::7f00:1]',
      '[64:ff9b:1::7f00:1]',
      '[::]',
      '[::1]',
      '[::7f00:1]',
    ],
    ...['[fe80::1]', '[fc00::1]', '[2002:7f00:1::]', '[2001::1]', '[4000::1]', '[ff02::1]', '[100::1]'],
    ...['10.0.0.1', '172.16.0.1', '192.168.1.1', '100.64.0.1', '169.254.169.254', '168.63.129.16', '255.255.255.255'],
    ...['localhost', 'localhost.', 'LOCALHOST', 'a.localhost', '%6cocalhost'],
  ])('is nothing private, however it is written: %s', (host) => {
    expect(judgeTarget(`https://${host}/`, [])).toContain('public address');
  });

  it.each([
    ['http://hooks.example/', 'https'],
    ['https://hooks.example:5432/', 'ports'],
    ['https://hooks.example:22/', 'ports'],
    ['https://user:pass@hooks.example/', 'user'],
    ['https://user@hooks.example/', 'user'],
    ['https://hooks.example/#', '#'],
    ['file:///etc/passwd', 'https://'],
    ['gopher://hooks.example/', 'https://'],
    ['hooks.example', 'https://'],
    ['https://', 'https://'],
    ['https://[::1%25eth0]/', 'https://'],
    ['', 'https://'],
  ])('is not %s', (url, word) => {
    expect(judgeTarget(url, [])).toContain(word);
  });

  it('may be anything within the networks that are allowed, and nothing private outside of them', () => {
    for (const url of ['http://127.0.0.1:9000/', 'http://127.1/', 'https://127.0.0.1/', 'http://localhost:1/'])
      expect([url, judgeTarget(url, loopback)]).toEqual([url, null]);
    expect(judgeTarget('http://10.0.0.1/', loopback)).toContain('public address');
    expect(judgeTarget('http://[::ffff:7f00:1]/', loopback)).toContain('public address');
    expect(judgeTarget('http://203.112.1.1/', loopback)).toContain('https');
    expect(judgeTarget('http://user@127.0.0.1/', loopback)).toContain('user');
  });

  it('is judged again by the address to which its name was resolved', () => {
    expect(judgeTarget('http://varnish.internal:6081/', loopback)).toBeNull();
    expect(judgeAddress('http://varnish.internal:6081/', '127.0.0.1', loopback)).toBeNull();
    expect(judgeAddress('http://varnish.internal:6081/', '10.0.0.1', loopback)).toContain('public address');
    expect(judgeAddress('http://varnish.internal:6081/', '203.112.1.1', loopback)).toContain('https');
    expect(judgeAddress('https://hooks.example/', '203.112.1.1', [])).toBeNull();
    expect(judgeAddress('https://hooks.example/', '::ffff:203.112.1.1', [])).toContain('public address');
  });
});

describe('a network', () => {
  it('is an address or a range of either family', () => {
    for (const text of ['10.0.0.0/8', '10.0.0.1', 'fd00::/8', '::1'])
      expect([text, isNetwork(text)]).toEqual([text, true]);
    for (const text of ['', '10.0.0.0/33', 'lan', '10.0.0.0/']) expect([text, isNetwork(text)]).toEqual([text, false]);
    expect([liesIn('10.1.2.3', ['::1', '10.0.0.0/8']), liesIn('::1', ['10.0.0.0/8'])]).toEqual([true, false]);
    expect([liesIn('0:0:0:0:0:0:0:1', ['::1']), isPublicAddress('8.8.8.8')]).toEqual([true, true]);
  });
});
