import type { LanguageWords } from "./language-words.ts";

export const vietnamese: LanguageWords = {
  nouns: `
    mã này|mã sau|mã dưới|nhập mã|sử dụng mã|dùng mã|mã của|mã là|mã:|là mã|mã gồm|mã số|mật khẩu|
    ma so|mat khau|mã pin`,
  names: `
    mã xác thực|mã xác nhận|mã xác minh|ma xac thuc|ma xac nhan|ma xac minh|mã bảo mật|mã đăng nhập|
    mã otp|ma otp|mã kích hoạt`,
  purposes: `
    xác thực|xác nhận|xác minh|đăng nhập|một lần|mot lan|bảo mật|kích hoạt|đặt lại|xac thuc|xac nhan|
    dang nhap|bao mat|giao dich|giao dịch`,
  handling: "hiệu lực|hết hạn|nhập|sử dụng|hieu luc|het han|nhap",
  entering: "nhập|sử dụng|nhap|su dung",
  warnings: "không chia sẻ|khong chia se|không cung cấp|khong cung cap|bất kỳ ai|bat ky ai",
  otherCodes: `
    mã giảm giá|mã khuyến mãi|mã đơn hàng|mã vận đơn|mã bưu|ma giam gia|ma don hang|ma van don|
    ma khuyen mai|mã khách hàng|ma khach hang|mã giao dịch|ma giao dich`,
  discounts: "giảm giá|giam gia|khuyến mãi",
  otherNumbers: `
    đơn hàng|don hang|hóa đơn|hoa don|tài khoản|tai khoan|tk|số thẻ|so the|thẻ tín dụng|số dư|so du|
    số tiền|so tien|lh|lien he|liên hệ|gọi|goi|hotline|tổng đài|vận đơn`,
  numbering: "số|so",
  linking: "là|la",
  units: "phút|giây|giờ|phut|giay|ngày",
  money: "đồng|dong|đ",
  months: "tháng",
  footers: "hủy đăng ký",
  signInLinks: "nhấp",
  awayLinks: "hủy đăng ký",
};
