"""What tills, shops and data sets call their columns, the preferred name first (seen in real exports).

Names are written as `columns.plain_title` leaves them: without case, spaces and marks.
"""

SYNONYMS: dict[str, tuple[str, ...]] = {
    "time": (
        "판매일시", "거래일시", "결제일시", "주문일시", "매출일시", "승인일시", "결제일", "판매일자", "거래일자", "매출일자",
        "주문일자", "결제일자", "판매일", "거래일", "매출일", "주문일", "일시", "일자", "날짜",
        "invoicedate", "soldat", "datetime", "orderdate", "saledate", "transactiondate", "date", "timestamp",
    ),
    "clock": ("판매시간", "거래시간", "결제시간", "주문시간", "판매시각", "거래시각", "결제시각", "시간", "시각", "time"),
    "business_date": ("영업일자", "영업일", "businessdate", "businessday"),
    "receipt": (
        "영수증번호", "주문번호", "거래번호", "전표번호", "영수번호", "판매번호", "결제번호",
        "invoiceno", "invoice", "invoicenumber", "receiptno", "receiptnumber", "receipt", "orderno", "ordernumber",
        "orderid", "transactionid", "transactionno", "매장코드매출일자상품코드",
    ),
    "register": ("포스번호", "pos번호", "포스", "계산대번호", "단말기번호", "pos", "posno", "register", "registerno", "till", "terminal"),
    "store": ("매장명", "지점명", "점포명", "매장", "지점", "점포", "판매점", "판매점명", "가맹점명", "store", "storename", "branch", "shop"),
    "kind": ("판매타입", "거래구분", "판매구분", "매출구분", "거래유형", "판매유형", "구분", "transactiontype", "saletype"),
    "status": (
        "결제상태", "취소여부", "주문상태", "주문세부상태", "클레임상태", "거래상태", "반품여부", "환불여부", "상태",
        "paymentstatus", "orderstatus", "status",
    ),
    "line": ("번호", "순번", "no", "line", "lineno", "상품주문번호"),
    "sku": ("상품코드", "품목코드", "메뉴코드", "바코드", "상품번호", "stockcode", "sku", "itemcode", "productcode", "barcode"),
    "name": (
        "상품명", "메뉴명", "품목명", "품명", "제품명", "상품", "메뉴",
        "description", "itemname", "productname", "item", "product",
    ),
    "quantity": ("수량", "판매수량", "주문수량", "매출수량", "quantity", "qty"),
    "unit_price": ("단가", "판매단가", "판매가", "상품가격", "unitprice", "price"),
    "amount": (
        "실판매금액", "실매출액", "결제금액", "최종상품별총주문금액", "판매금액", "실결제금액", "실매출", "매출금액", "매출액",
        "합계금액", "금액", "합계", "총매출액", "amount", "lineamount", "linetotal", "total", "netsales",
    ),
    "member_no": ("회원번호", "고객번호", "고객코드", "회원코드", "회원카드번호", "customerid", "memberno", "membernumber", "memberid", "customerno"),
    "customer_name": ("회원명", "고객명", "구매자명", "고객성명", "주문자명", "회원이름", "customername", "customer", "buyername"),
    "phone": (
        "휴대폰", "핸드폰", "휴대폰번호", "핸드폰번호", "휴대전화", "연락처", "구매자연락처", "고객연락처", "주문자연락처", "전화번호",
        "적립전화번호", "고객전화번호", "phone", "mobile", "phonenumber",
    ),
    "email": ("이메일", "메일", "구매자이메일", "email", "emailaddress", "mail"),
    "staff": ("담당자", "판매사원", "판매원", "직원", "직원명", "계산원", "캐셔", "staff", "cashier", "salesperson"),
    "original_receipt": ("원영수증번호", "원거래번호", "원주문번호", "원전표번호", "originalreceiptno", "originalinvoice"),
    "points": ("적립포인트", "적립금", "적립", "발생포인트", "pointsearned", "points"),
}  # fmt: skip
