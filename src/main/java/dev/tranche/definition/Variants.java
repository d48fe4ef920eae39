package dev.tranche.definition;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** How users say which record of a sealed interface they mean. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface Variants {

  /** By the value of this key, which names the variant; empty: see {@link #how}. */
  String by() default "";

  How how() default How.KEY_VALUE;

  /** What users call a variant in messages, such as {@code read type}. */
  String title();

  enum How {
    /** The key {@link Variants#by} names the variant. */
    KEY_VALUE,
    /** The only key names the variant, its value is the variant's only component. */
    ONLY_KEY,
    /** The variant is known by a key that only it has: see {@link Variant}. */
    KEY_PRESENT
  }
}
