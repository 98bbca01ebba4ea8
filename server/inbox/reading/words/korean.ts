import type { LanguageWords } from "./language-words.ts";

export const korean: LanguageWords = {
  nouns: "코드|번호|비밀번호|암호|패스코드|패스워드",
  names:
    "인증번호|인증 번호|인증코드|인증 코드|확인코드|확인 코드|확인번호|보안코드|보안 코드|로그인 코드|로그인코드|일회용|승인 코드|본인확인 인증",
  purposes: "인증|확인|로그인|보안|일회용|임시|재설정|본인|승인|가입|활성화|검증|등록|초기화",
  handling: "유효|입력|사용|아래|만료|유효시간",
  entering: "을 입력|를 입력|입력|을 사용|를 사용",
  warnings: "공유하지|알려주지|타인에게|타인",
  otherCodes: `
    할인코드|할인 코드|쿠폰 코드|쿠폰번호|쿠폰 번호|우편번호|주문번호|주문 번호|송장번호|운송장번호|운송장 번호|예약번호|예약 번호|전화번호|계좌번호|카드번호|고객번호|접수번호|
    바코드|휴대폰 번호|휴대폰번호|대기번호|문의번호`,
  discounts: "할인|쿠폰",
  otherNumbers: "주문|계좌|카드|금액|잔액|전화|문의|고객센터|송장|운송장|예약|결제|수신거부|회원",
  numbering: "번호",
  linking: "는|은",
  units: "시간|포인트|원",
  money: "원",
  footers: "수신거부",
  machineTalk: "이전 지시",
  signInLinks: "클릭|링크",
  awayLinks: "수신거부|고객센터",
};
