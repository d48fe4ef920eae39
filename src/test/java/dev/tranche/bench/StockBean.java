package dev.tranche.bench;

import java.beans.PropertyEditorSupport;
import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.NullUnmarked;

/** A row of {@code lineitem} as a bean, its properties named as the columns. */
@NullUnmarked // the framework sets all properties
public class StockBean {

  private long orderkey;
  private long partkey;
  private long suppkey;
  private long linenumber;
  private BigDecimal quantity;
  private BigDecimal extendedprice;
  private BigDecimal discount;
  private BigDecimal tax;
  private String returnflag;
  private String linestatus;
  private LocalDate shipdate;
  private LocalDate commitdate;
  private LocalDate receiptdate;
  private String shipinstruct;
  private String shipmode;
  private String comment;

  public long getOrderkey() {
    return orderkey;
  }

  public void setOrderkey(long value) {
    orderkey = value;
  }

  public long getPartkey() {
    return partkey;
  }

  public void setPartkey(long value) {
    partkey = value;
  }

  public long getSuppkey() {
    return suppkey;
  }

  public void setSuppkey(long value) {
    suppkey = value;
  }

  public long getLinenumber() {
    return linenumber;
  }

  public void setLinenumber(long value) {
    linenumber = value;
  }

  public BigDecimal getQuantity() {
    return quantity;
  }

  public void setQuantity(BigDecimal value) {
    quantity = value;
  }

  public BigDecimal getExtendedprice() {
    return extendedprice;
  }

  public void setExtendedprice(BigDecimal value) {
    extendedprice = value;
  }

  public BigDecimal getDiscount() {
    return discount;
  }

  public void setDiscount(BigDecimal value) {
    discount = value;
  }

  public BigDecimal getTax() {
    return tax;
  }

  public void setTax(BigDecimal value) {
    tax = value;
  }

  public String getReturnflag() {
    return returnflag;
  }

  public void setReturnflag(String value) {
    returnflag = value;
  }

  public String getLinestatus() {
    return linestatus;
  }

  public void setLinestatus(String value) {
    linestatus = value;
  }

  public LocalDate getShipdate() {
    return shipdate;
  }

  public void setShipdate(LocalDate value) {
    shipdate = value;
  }

  public LocalDate getCommitdate() {
    return commitdate;
  }

  public void setCommitdate(LocalDate value) {
    commitdate = value;
  }

  public LocalDate getReceiptdate() {
    return receiptdate;
  }

  public void setReceiptdate(LocalDate value) {
    receiptdate = value;
  }

  public String getShipinstruct() {
    return shipinstruct;
  }

  public void setShipinstruct(String value) {
    shipinstruct = value;
  }

  public String getShipmode() {
    return shipmode;
  }

  public void setShipmode(String value) {
    shipmode = value;
  }

  public String getComment() {
    return comment;
  }

  public void setComment(String value) {
    comment = value;
  }

  /** The framework has none for dates of {@code java.time}. */
  static final class DateEditor extends PropertyEditorSupport {
    @Override
    public void setAsText(String text) {
      setValue(LocalDate.parse(text));
    }
  }
}
