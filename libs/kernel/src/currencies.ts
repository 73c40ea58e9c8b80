const parseCodes = (list: string): readonly string[] => list.trim().split(/\s+/);

/** ISO 4217 list one: active currencies with a minor unit, so without metals, funds and test codes. */
const inUse = new Set(
  parseCodes(`
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CLF CLP CNY COP
    COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK
    JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN
    NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP
    SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAD XAF XCD XCG XOF XPF YER ZAR ZMW ZWG`),
);

/** ISO 4217 list three, without metals and funds: no longer accepted, but stored amounts may use them. */
const withdrawn = new Set(
  parseCodes(`
    ADP AFA ANG AON AOR ATS AYM AZM BEF BGL BGN BYB BYR CSD CUC CYP DEM ECS EEK ESP FIM FRF GHC GRD GWP HRK IEP ITL LTL LUF LVL MGF MRO
    MTL MXP MZM NLG PLZ PTE ROL RUR SDD SIT SKK SLL SRG STD TJR TMM TPE TRL UAK USS VEB VEF XDR XEU XSU YUM ZMK ZRN ZWD ZWL ZWN ZWR`),
);

/** ISO 4217 minor units other than 2. The runtime uses CLDR, which differs (HUF, COP, IQD) and changes. */
const digits: ReadonlyMap<string, number> = new Map(
  (
    [
      [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
      [0, 'ADP BYB BYR ESP ITL TPE'],
      [3, 'BHD IQD JOD KWD LYD OMR TND'],
      [4, 'CLF UYW'],
    ] as const
  ).flatMap(([n, list]) => parseCodes(list).map((code) => [code, n] as const)),
);

/** Returns whether new amounts may use this currency. */
export const isCurrency = (code: string): boolean => inUse.has(code);

/** Returns whether stored amounts may use this currency: it is or was in use. */
export const isKnownCurrency = (code: string): boolean => inUse.has(code) || withdrawn.has(code);

/** Number of decimals of a currency: 2 for GBP and HUF, 0 for JPY, 3 for KWD. */
export const minorDigits = (currency: string): number => digits.get(currency) ?? 2;
