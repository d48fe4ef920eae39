package dev.tranche.definition;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Words of an enumeration that a later version will know. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface Later {
  String[] value();
}
